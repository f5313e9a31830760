using System.Diagnostics;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>What only engines of a test's own can show: how they start, are found, leave and die.</summary>
public sealed class EngineLifeTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(0.2);

    [Fact]
    public async Task Engine_LastClientGone_LeavesAfterItsGraceTimeWithoutATrace()
    {
        using var root = new TemporaryRoot();
        Client client = await ConnectAsync(root).OrBroken("the engine to start");
        using Process process = Process.GetProcessById(client.CurrentSession!.ProcessId!.Value);

        await client.DisposeAsync();

        await process.WaitForExitAsync().OrBroken("the engine to leave");
        Assert.Empty(Directory.GetFiles(Path.Combine(root.Path, "ipc")));
        Assert.False(File.Exists(Path.Combine(root.Path, "engine.pid")));
        Assert.False(File.Exists(Path.Combine(root.Path, "engine.ready")));
    }

    [Fact]
    public async Task Connect_ManyAtOnceIntoAnEmptyNamespace_OneEngine()
    {
        using var root = new TemporaryRoot();

        Client[] clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ConnectAsync(root))).OrBroken("all clients");

        Assert.Single(clients.Select(client => client.CurrentSession!.ProcessId).Distinct());
        await LeaveAsync(clients);
    }

    [Fact]
    public async Task Chat_EngineKilled_CallsInFlightFailTypedAndTheNextCallStartsANewEngine()
    {
        using var root = new TemporaryRoot();
        Client client = await ConnectAsync(root, replay: false).OrBroken("the first engine");
        await client.Models.EnsureLoadedAsync("starter").OrBroken("the model");
        int firstId = client.CurrentSession!.ProcessId!.Value;
        using Process first = Process.GetProcessById(firstId);
        await using IAsyncEnumerator<ChatDelta> stream =
            client.ChatStreamAsync("starter", "Give me a detailed description of a forest.", new GenerationOptions { Temperature = 1 }).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        Task<IReadOnlyList<ChatResult>> batch = client.ChatBatchAsync(
            "starter", [.. Enumerable.Repeat<IReadOnlyList<Message>>([Message.User("Give me a detailed description of a storm.")], 64)]);

        first.Kill();

        var error = await Assert.ThrowsAsync<EngineDiedException>(() => batch.OrBroken("the batch in flight"));
        Assert.Equal(firstId, error.ProcessId);
        Assert.True(error.ExitCode is 137 or null, $"exit code {error.ExitCode}"); // null when a busy machine reaps the process late
        ChatResult answer = await client.ChatAsync("starter", "What is the capital of France?").OrBroken("the answer of the next engine");
        Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
        Assert.NotEqual(firstId, client.CurrentSession!.ProcessId);
        await LeaveAsync(client);
    }

    [Fact]
    public async Task Connect_ExecutableMissing_SaysWhere()
    {
        using var root = new TemporaryRoot();
        string path = Path.Combine(root.Path, "no-engine");

        var error = await Assert.ThrowsAsync<EngineNotFoundException>(() => ConnectAsync(root, path).OrBroken("the refusal"));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_FileNotExecutable_SaysHowToMakeItSo()
    {
        using var root = new TemporaryRoot();
        string path = Path.Combine(root.Path, "engine");
        await File.WriteAllTextAsync(path, "not a program");

        var error = await Assert.ThrowsAsync<EngineStartException>(() => ConnectAsync(root, path).OrBroken("the refusal"));

        Assert.Contains($"chmod +x '{path}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ProgramEndsAtOnce_ShowsItsExitCodeAndLastWords()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        using var root = new TemporaryRoot();
        string path = Path.Combine(root.Path, "engine");
        await File.WriteAllTextAsync(path, "#!/bin/sh\necho 'out of luck' >&2\nexit 42\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }


        var error = await Assert.ThrowsAsync<EngineStartException>(() => ConnectAsync(root, path).OrBroken("the refusal"));

        Assert.Contains("exit code 42", error.Message, StringComparison.Ordinal);
        Assert.Contains("out of luck", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_NamespacePathTooLongForASocket_GivesTheLimit()
    {
        string path = Path.Combine(Path.GetTempPath(), new string('x', 120));

        var error = await Assert.ThrowsAsync<ArgumentException>(() => Client.ConnectAsync(new ClientOptions { EngineRoot = path }).OrBroken("the refusal"));

        Assert.Contains("107", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(path));
    }

    private static Task<Client> ConnectAsync(TemporaryRoot root, string? enginePath = null, bool replay = true) => Client.ConnectAsync(new ClientOptions
    {
        EngineRoot = root.Path,
        EnginePath = enginePath,
        EngineGraceTime = Grace,
        ReplayUnansweredCalls = replay,
    });

    private static async Task LeaveAsync(params Client[] clients)
    {
        using Process process = Process.GetProcessById(clients[0].CurrentSession!.ProcessId!.Value);
        foreach (Client client in clients)
        {
            await client.DisposeAsync();
        }

        await process.WaitForExitAsync().OrBroken("the engine to leave");
    }
}
