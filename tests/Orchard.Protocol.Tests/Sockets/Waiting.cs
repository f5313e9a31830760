namespace Orchard.Protocol.Tests.Sockets;

/// <summary>Time limits for waits, with a message about what did not happen.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> Within<T>(this Task<T> task, string what)
    {
        await ((Task)task).Within(what);
        return await task;
    }

    public static async Task Within(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Did not happen within {Limit.TotalSeconds} s: {what}.");
        }
    }

    public static Task Within(this ValueTask task, string what) => task.AsTask().Within(what);

    public static TaskCompletionSource Gate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
