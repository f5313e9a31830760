using System.Diagnostics;
using System.Globalization;
using Orchard.TestSupport;

namespace Orchard.Tests.Connection;

/// <summary>What only a process can show: how it ends, and what it left behind.</summary>
public sealed class EngineStubTests
{
    private const string Model = "starter";

    // Waited out: long enough for the stub to be up on a busy machine, so that what is missing is its answer.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Chat_WellBehavedStub_IsAnswered()
    {
        using var stub = new StubNamespace("answer");
        await using Client client = await stub.ConnectAsync().OrBroken("the connection");

        Assert.Equal("ok", (await client.ChatAsync(Model, "Are you there?").OrBroken("the answer")).Text);
    }

    [Fact]
    public async Task Connect_EngineExitsAtOnce_SaysItsCodeAndLastWords()
    {
        using var stub = new StubNamespace("exit 42");

        var error = await Assert.ThrowsAsync<EngineStartException>(() => stub.ConnectAsync().OrBroken("the failure"));

        Assert.Contains("exit code 42", error.Message, StringComparison.Ordinal);
        Assert.Contains("stub: exit 42", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_EngineNeverListens_FailsAfterTheStartTimeoutAndEndsTheProcess()
    {
        using var stub = new StubNamespace("no-sockets");

        var error = await Assert.ThrowsAsync<EngineStartException>(() => stub.ConnectAsync(StartTimeout).OrBroken("the failure"));

        Assert.Contains("2 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("stub: process ", error.Message, StringComparison.Ordinal);
        await GoneAsync(ProcessIdIn(error.Message));
    }

    /// <summary>What listens may already serve others, so it is left alone, also when we started it.</summary>
    [Fact]
    public async Task Connect_EngineListensButNeverRegisters_FailsAfterTheStartTimeoutNamingTheProcess()
    {
        using var stub = new StubNamespace("no-registration");

        var error = await Assert.ThrowsAsync<EngineStartException>(() => stub.ConnectAsync(StartTimeout).OrBroken("the failure"));

        Assert.Contains("2 s", error.Message, StringComparison.Ordinal);
        using Process process = Process.GetProcessById(ProcessIdIn(error.Message));
        process.Kill();
    }

    [Fact]
    public async Task Connect_RegistrationRefusedAtFirst_TriesAgain()
    {
        using var stub = new StubNamespace("refuse 3");

        await using Client client = await stub.ConnectAsync().OrBroken("the connection");

        Assert.Equal("ok", (await client.ChatAsync(Model, "Are you there?").OrBroken("the answer")).Text);
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("abort", 128 + 6)]
    [InlineData("kill", 128 + 9)]
    public async Task Chat_EngineDiesMidStream_ErrorsCarryProcessIdAndCodeAndTheNextCallIsAnswered(string death, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals on Windows.");
        using var stub = new StubNamespace("answer");
        await using Client client = await stub.ConnectAsync().OrBroken("the connection");
        int processId = client.CurrentSession!.ProcessId!.Value;
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Model, "stream").GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first delta"));
        Task<ChatResult> deadly = client.ChatAsync(Model, death);

        foreach (Func<Task> call in (Func<Task>[])[() => stream.MoveNextAsync().AsTask(), () => deadly])
        {
            var error = await Assert.ThrowsAsync<EngineDiedException>(() => call().OrBroken("a call in flight to end"));
            Assert.Equal(processId, error.ProcessId);
            Assert.True(error.ExitCode == exitCode || error.ExitCode is null, $"exit code {error.ExitCode}"); // null when a busy machine reaps the process late
        }

        Assert.Equal("ok", (await client.ChatAsync(Model, "Are you there?").OrBroken("the answer of the next engine")).Text);
        Assert.NotEqual(processId, client.CurrentSession!.ProcessId);
    }

    [Fact]
    public async Task Chat_EngineTearsAMessageAndStaysAlive_FailsTypedWithoutExitCode()
    {
        using var stub = new StubNamespace("answer");
        await using Client client = await stub.ConnectAsync().OrBroken("the connection");
        using Process process = Process.GetProcessById(client.CurrentSession!.ProcessId!.Value);

        var error = await Assert.ThrowsAsync<EngineDiedException>(() => client.ChatAsync(Model, "tear").OrBroken("the call to end"));

        Assert.Equal(process.Id, error.ProcessId);
        Assert.Null(error.ExitCode);
        process.Kill();
        await process.WaitForExitAsync().OrBroken("the stub to end");
    }

    [Fact]
    public async Task Chat_EngineAskedToTerminateButStays_IsAnswered()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals on Windows.");
        using var stub = new StubNamespace("ignore-sigterm");
        await using Client client = await stub.ConnectAsync().OrBroken("the connection");
        int processId = client.CurrentSession!.ProcessId!.Value;

        using Process kill = Process.Start("kill", ["-TERM", processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().OrBroken("the signal to be sent");

        Assert.Equal("ok", (await client.ChatAsync(Model, "Are you there?").OrBroken("the answer")).Text);
        Assert.Equal(processId, client.CurrentSession!.ProcessId);
    }

    private static int ProcessIdIn(string message)
    {
        const string Marker = "stub: process ";
        string rest = message[(message.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)..];
        return int.Parse(rest[..rest.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }

    private static async Task GoneAsync(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            await process.WaitForExitAsync().OrBroken("the stub to end");
        }
        catch (ArgumentException)
        {
            // Gone already.
        }
    }
}
