using Orchard.Engine.Native.Backends;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Native.Backends;

/// <summary>Trials in another process, with shell scripts in place of an engine with a faulty driver.</summary>
public sealed class BackendProbeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static bool HasShell => !OperatingSystem.IsWindows();

    public void Dispose() => _folder.Dispose();

    [Fact(Skip = "needs a shell", SkipUnless = nameof(HasShell))]
    public void DriverThatAborts_IsSurvived_AndItsLastWordsAreKept()
    {
        ProbeResult result = Try("echo 'driver: no such thing' >&2; kill -ABRT $$");

        Assert.True(result.IsFatal);
        Assert.Contains("no such thing", result.Problem, StringComparison.Ordinal);
        Assert.Contains("134", result.Problem, StringComparison.Ordinal);
    }

    [Fact(Skip = "needs a shell", SkipUnless = nameof(HasShell))]
    public void DriverThatHangs_IsEnded()
    {
        ProbeResult result = Try("sleep 1000", TimeSpan.FromSeconds(0.2));

        Assert.True(result.IsFatal);
        Assert.Contains("did not answer", result.Problem, StringComparison.Ordinal);
    }

    [Fact(Skip = "needs a shell", SkipUnless = nameof(HasShell))]
    public void DriverThatFailsOnlyAtTheEnd_CanBeUsed() => Assert.Equal(new ProbeResult(null), Try("echo usable; kill -ABRT $$"));

    [Fact(Skip = "needs a shell", SkipUnless = nameof(HasShell))]
    public void ReasonOfTheTrial_IsPassedOn() => Assert.Equal(
        new ProbeResult("It found no device: the index is too large."), Try("echo 'the index is too large' >&2; echo 'unusable: It found no device.'"));

    [Fact(Skip = "needs a shell", SkipUnless = nameof(HasShell))]
    public void Trial_GetsTheFileAndTheVariables() => Assert.Equal(
        new ProbeResult("--try-backend /lib/libggml-test.so 3."), Try("echo unusable: $1 $2 $NUMBER.", environment: new() { ["NUMBER"] = "3" }));

    [Fact]
    public void EngineThatCannotBeStarted_IsAReason()
    {
        ProbeResult result = new BackendProbe(Path.Combine(_folder.Path, "nothing"), Limits.Broken).Try("/lib/libggml-test.so", new Dictionary<string, string>());

        Assert.Contains("could not be tried out", result.Problem, StringComparison.Ordinal);
        Assert.False(result.IsFatal);
    }

    private ProbeResult Try(string script, TimeSpan? limit = null, Dictionary<string, string>? environment = null)
    {
        string path = _folder.Write("engine", System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\n{script}\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new BackendProbe(path, limit ?? Limits.Broken).Try("/lib/libggml-test.so", environment ?? []);
    }
}
