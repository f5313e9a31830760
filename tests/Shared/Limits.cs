namespace Orchard.TestSupport;

/// <summary>Waits of tests: the ends are staged by gates, so the only limit is the one that means something is broken.</summary>
internal static class Limits
{
    /// <summary>
    /// How long a test waits for something that must happen: a minute. <c>tests/gpu/vulkan.sh</c> sets more for software devices.
    /// </summary>
    public static readonly TimeSpan Broken = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("ORCHARD_TEST_LIMIT_SECONDS"), out int seconds) ? seconds : 60);

    /// <summary>Awaits the task, or fails saying what did not happen.</summary>
    public static async Task OrBroken(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Broken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Waited {Broken.TotalSeconds} s in vain for: {what}");
        }
    }

    /// <inheritdoc cref="OrBroken(Task, string)"/>
    public static async Task<T> OrBroken<T>(this Task<T> task, string what)
    {
        await OrBroken((Task)task.ContinueWith(static _ => { }, TaskScheduler.Default), what);
        return await task;
    }
}
