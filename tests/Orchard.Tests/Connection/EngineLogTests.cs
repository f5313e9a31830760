using Orchard.Processes;

namespace Orchard.Tests.Connection;

public sealed class EngineLogTests
{
    private const string OwnLine = "[     1.234] info Engine: Loading model 'a'.";

    [Fact]
    public void Explaining_CrashReportWithAStack_IsItsFirstLines()
    {
        string[] stack = [.. Enumerable.Range(0, 200).Select(i => $"   at Frame{i}()")];

        IReadOnlyList<string> lines = EngineLog.Explaining([OwnLine, "Unhandled exception. System.InvalidOperationException: The reason.", .. stack]);

        Assert.Equal("Unhandled exception. System.InvalidOperationException: The reason.", lines[0]);
        Assert.Equal(10, lines.Count);
    }

    [Fact]
    public void Explaining_ShortReport_IsShownWithTheLinesBefore()
    {
        IReadOnlyList<string> lines = EngineLog.Explaining([.. Enumerable.Repeat(OwnLine, 20), "GGML_ASSERT(x) failed", "stack"]);

        Assert.Equal([.. Enumerable.Repeat(OwnLine, 8), "GGML_ASSERT(x) failed", "stack"], lines);
    }

    [Fact]
    public void Explaining_FailedAssertionWithABacktrace_IsTheAssertionAfterTheLinesBefore()
    {
        const string Assertion = "/src/ggml/src/ggml.c:3345: GGML_ASSERT(ggml_can_mul_mat(a, b)) failed";
        string[] backtrace = [.. Enumerable.Range(0, 40).Select(i => $"#{i}  0x00007f3e in ggml_abort () from libggml-base.so")];

        IReadOnlyList<string> lines = EngineLog.Explaining([.. Enumerable.Repeat(OwnLine, 20), Assertion, .. backtrace, OwnLine, .. backtrace]);

        Assert.Equal([.. Enumerable.Repeat(OwnLine, 9), Assertion], lines);
    }

    [Fact]
    public void Explaining_FailedAssertionWhileAModelIsLoaded_NamesItsFile()
    {
        const string Assertion = "/src/src/llama-context.cpp:345: GGML_ASSERT(n_rows > 0) failed";
        const string Ready = "[     1.000] info LoadRunner: Model 'a' is ready after 0.20 s.";
        string[] loads = [.. ((string[])["a", "b"]).Select(name => $"[     1.000] info LoadRunner: Loading model '{name}' from /models/{name}.gguf.")];
        string[] warnings = [.. Enumerable.Repeat(OwnLine, 20)];

        IReadOnlyList<string> loading = EngineLog.Explaining([loads[0], Ready, loads[1], .. warnings, Assertion]);
        IReadOnlyList<string> loaded = EngineLog.Explaining([loads[0], Ready, .. warnings, Assertion]);

        Assert.Equal([loads[1], .. Enumerable.Repeat(OwnLine, 8), Assertion], loading);
        Assert.Equal([.. Enumerable.Repeat(OwnLine, 9), Assertion], loaded);
    }

    [Fact]
    public void Explaining_OwnLinesOnly_IsTheLast()
    {
        IReadOnlyList<string> lines = EngineLog.Explaining([.. Enumerable.Range(0, 20).Select(i => $"[     {i}.000] warn Engine: {i}")]);

        Assert.Equal(10, lines.Count);
        Assert.EndsWith("19", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Explaining_Nothing_IsNothing() => Assert.Empty(EngineLog.Explaining([]));
}
