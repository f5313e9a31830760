using System.Reflection;
using System.Text.Json.Serialization;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

/// <summary>Cancelling a call frees its place in the engine: a test for every public call that takes one.</summary>
public sealed partial class ClientCancellationTests : IAsyncDisposable
{
    private const string Model = "starter";

    private static readonly Message[] Conversation = [Message.User("hello")];

    private readonly FakeEngine _engine = new(new EngineScript().Answer("ok"));

    /// <summary>The calls that send a request, by name and number of parameters.</summary>
    public static TheoryData<string, Func<Client, CancellationToken, Task>> Requests { get; } = new()
    {
        { nameof(Client.ChatAsync), (client, token) => client.ChatAsync(Model, "hello", cancellationToken: token) },
        { nameof(Client.ChatAsync) + " with messages", (client, token) => client.ChatAsync(Model, Conversation, cancellationToken: token) },
        { nameof(Client.ChatStreamAsync), (client, token) => client.ChatStreamAsync(Model, "hello", cancellationToken: token).ToListAsync(token).AsTask() },
        { nameof(Client.ChatStreamAsync) + " with messages", (client, token) => client.ChatStreamAsync(Model, Conversation, cancellationToken: token).ToListAsync(token).AsTask() },
        { nameof(Client.ChatAsync) + " of a type", (client, token) => client.ChatAsync(Model, "hello", AnswerContext.Default.Answer, cancellationToken: token) },
        { nameof(Client.ChatBatchAsync), (client, token) => client.ChatBatchAsync(Model, [Conversation, Conversation], cancellationToken: token) },
        { nameof(Client.ChatBatchStreamAsync), (client, token) => client.ChatBatchStreamAsync(Model, [Conversation], cancellationToken: token).ToListAsync(token).AsTask() },
        { nameof(Client.ResponsesAsync), (client, token) => client.ResponsesAsync(Model, "hello", cancellationToken: token) },
        { nameof(Client.ResponsesStreamAsync), (client, token) => client.ResponsesStreamAsync(Model, "hello", cancellationToken: token).ToListAsync(token).AsTask() },
        { nameof(Client.RunToolsAsync), (client, token) => client.RunToolsAsync(Model, "hello", new GenerationOptions(), cancellationToken: token) },
        { nameof(Client.EmbedAsync), (client, token) => client.EmbedAsync(Model, "hello", cancellationToken: token) },
        { nameof(Client.EmbedAsync) + " of several", (client, token) => client.EmbedAsync(Model, ["hello", "you"], cancellationToken: token) },
        { nameof(Client.RerankAsync), (client, token) => client.RerankAsync(Model, "hello", ["you"], cancellationToken: token) },
    };

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public void EveryPublicCall_IsInTheListOrTakesNoPlace()
    {
        string[] withoutPlace =
        [
            nameof(Client.ConnectAsync), nameof(Client.EnsureConnectedAsync), nameof(Client.TokenizeAsync), nameof(Client.DetokenizeAsync), nameof(Client.CountTokensAsync),
            nameof(Client.RenderPromptAsync), nameof(Client.GetEngineSnapshotAsync), nameof(Client.EvictModelAsync),
        ];
        IEnumerable<string> calls = typeof(Client).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken)))
            .Select(method => method.Name)
            .Distinct();

        Assert.Empty(calls.Except(withoutPlace).Except(Requests.Select(row => row.Data.Item1.Split(' ')[0])));
    }

    [Theory]
    [MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public async Task Call_Cancelled_IsCancelledInTheEngine(string name, Func<Client, CancellationToken, Task> call)
    {
        _engine.Script.Answer(new FakeReply().Stall());
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        using var cancel = new CancellationTokenSource();
        Task running = call(client, cancel.Token);
        FakeRequest request = await _engine.NextRequestAsync().OrBroken($"the request of {name}");

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.OrBroken("the end of the call"));
        Assert.Equal(cancel.Token, error.CancellationToken);
        await request.Cancelled.OrBroken("the request to be cancelled in the engine");
    }

    [Theory]
    [MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public async Task Call_CancelledWhileItsModelLoads_CancelsTheLoad(string name, Func<Client, CancellationToken, Task> call)
    {
        var gate = new EngineGate();
        _engine.Script.Load(FakeLoad.Success.After(gate));
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        using var cancel = new CancellationTokenSource();
        Task running = call(client, cancel.Token);
        await gate.Reached.OrBroken($"the load for {name}");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.OrBroken("the end of the call"));
        while ((await _engine.NextCommandAsync().OrBroken("the load to be cancelled")).Kind != FakeCommandKind.CancelLoad)
        {
        }
    }

    internal sealed record Answer(int Number);

    [JsonSerializable(typeof(Answer))]
    internal sealed partial class AnswerContext : JsonSerializerContext;
}
