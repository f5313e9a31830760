using Orchard.Remote;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary>A model of this machine that is too busy, and two members that are served by processes of their own.</summary>
public sealed class SpillOverTests(ITestOutputHelper output)
{
    private const int Chats = 64;
    private const int Capacity = 8;

    private static readonly GenerationOptions Options = new() { IsDeterministic = true, Temperature = 0, MaxOutputTokens = 64 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task ManyChats_OneMemberIsKilled_EveryAnswerIsRightAndSaysItsRoute(int seed)
    {
        string[] questions = [.. Enumerable.Range(0, Chats).Select(static i => $"What is the capital of country number {i}?")];
        using var folder = new Folder();
        await using Member first = await Member.StartAsync(folder.Path("a"));
        await using Member second = await Member.StartAsync(folder.Path("b"));
        await using Client client = await ConnectAsync(folder.Path("l"), first.Address, second.Address);
        string[] expected = [.. (await client.ChatBatchAsync("starter", [.. questions.Select(Ask)], Options).OrBroken("the right answers"))
            .Select(static answer => answer.Text)];

        await IdleAsync(client).OrBroken("a heartbeat without sequences");
        var random = new Random(seed);
        int killAfter = random.Next(Chats / 2);
        Member killed = random.Next(2) == 0 ? first : second;
        output.WriteLine($"Seed {seed}: the member at {killed.Address} is killed after {killAfter} answers.");
        int answered = 0;
        if (killAfter == 0)
        {
            killed.Kill();
        }

        ChatResult[] answers = await Task.WhenAll(questions.Select(async question =>
        {
            ChatResult answer = await client.ChatAsync("route", Ask(question), Options);
            if (Interlocked.Increment(ref answered) == killAfter)
            {
                killed.Kill();
            }

            return answer;
        })).OrBroken("all answers");

        Assert.Equal(expected, answers.Select(static answer => answer.Text));
        Assert.Equal(Chats, answered);
        Assert.All(answers, static answer => Assert.Equal("route", answer.Origin?.Route?.Name));
        Assert.All(answers, static answer => Assert.Equal(answer.Origin!.Route!.IsRemote, answer.Origin.Address is not null));
        ILookup<RouteReason, ChatResult> reasons = answers.ToLookup(static answer => answer.Origin!.Route!.Reason);
        foreach (IGrouping<RouteReason, ChatResult> reason in reasons)
        {
            output.WriteLine($"{reason.Key}: {reason.Count()}, remote {reason.Count(static answer => answer.Origin!.Route!.IsRemote)}");
        }

        Assert.InRange(reasons[RouteReason.LocalFirst].Count(), Capacity, Chats - 1);
        Assert.NotEmpty(reasons[RouteReason.QueueTime]);
        Assert.All(reasons[RouteReason.RemoteUnavailable], static answer => Assert.NotNull(answer.Origin!.Route!.Error));
        Assert.Contains(answers, answer => answer.Origin!.Address is { } address && address.Port != killed.Address.Port);
    }

    private static Message[] Ask(string question) => [Message.User(question)];

    // The sequences of the right answers are in the last heartbeat for a while after their end.
    private static async Task IdleAsync(Client client)
    {
        while ((await client.GetEngineSnapshotAsync()).Models.Any(static model => model.RunningSequences + model.WaitingSequences > 0))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private static async Task<Client> ConnectAsync(string root, Uri first, Uri second)
    {
        ClientOptions options = new ClientOptions { EngineRoot = root, EngineGraceTime = TimeSpan.Zero }
            .AddRemote("cluster", first, endpoint => endpoint.Replicas.Add(second));
        options.Models["starter"] = new ModelOptions { ParallelSequences = Capacity };
        options.Routes["route"] = new ModelRoute { Local = "starter", Remote = "cluster/starter", MaxQueueTime = TimeSpan.Zero };
        return await Client.ConnectAsync(options).OrBroken("the client");
    }

    /// <summary><c>orchard serve</c> with an engine of its own.</summary>
    private sealed class Member(CommandProcess process, Uri address, string root) : IAsyncDisposable
    {
        public Uri Address => address;

        public static async Task<Member> StartAsync(string root)
        {
            CommandProcess process = CommandProcess.Start(
                [("ORCHARD_API_KEYS", null), ("ORCHARD_ENGINE_GRACE_SECONDS", "0")],
                "serve", "--url", "http://127.0.0.1:0", "--preload", "starter", "--engine-root", root);
            process.CloseInput();
            string line = await process.Out.ReadLineAsync().OrBroken("the address") ?? throw new InvalidOperationException("It serves nothing.");
            return new Member(process, new Uri(line.Split(' ')[2].TrimEnd('.')), root);
        }

        public void Kill() => process.Kill();

        public async ValueTask DisposeAsync()
        {
            await process.DisposeAsync();
            await InferenceEngine.StopAsync(new ClientOptions { EngineRoot = root }).OrBroken("the member's engine to stop");
        }
    }

    /// <summary>A folder for the engines, with a path that is short enough for sockets.</summary>
    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orc-");

        public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
