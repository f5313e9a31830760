using Orchard.Protocol.Messages.Events;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

public sealed class ConcurrencyTests(EngineFixture fixture)
{
    /// <summary>The reason for this library: many callers, one load, each its own answer, all decoded together.</summary>
    [Fact]
    public async Task Chat_SixtyFourCallersFromCold_OneLoadOwnAnswersBatchedDecode()
    {
        const int Callers = 64;
        string model = fixture.CopyOfStarter();
        await using Client client = await fixture.Engine.ConnectAsync().OrBroken("a client with an empty registry");
        string[] codes = [.. Enumerable.Range(0, Callers).Select(i => $"KDT-{417 + (131 * i):0000}")];

        Task<ChatResult>[] calls = [.. codes.Select(code => client.ChatAsync(model, $"Repeat the code: {code}"))];
        ChatResult[] answers = await Task.WhenAll(calls).OrBroken("all 64 answers");

        Assert.All(codes.Zip(answers), pair => Assert.Equal(pair.First, pair.Second.Text));
        int tokens = answers.Sum(answer => answer.Usage.CompletionTokens);
        TelemetryModel state = await client.ModelStateAsync(
            model, state => state.Counters!.GeneratedTokens >= tokens && state.RunningSequences == 0, "a heartbeat that counts all tokens");
        Assert.Equal(1, state.Counters!.LoadCommands);
        Assert.Equal(tokens, state.Counters.GeneratedTokens);
        Assert.True(state.Counters.DecodeSteps < tokens / 2, $"{state.Counters.DecodeSteps} decode steps for {tokens} tokens");
    }

    [Fact]
    public async Task EnsureLoaded_TwoClientsOfTwoRegistries_TheEngineLoadsOnce()
    {
        string model = fixture.CopyOfStarter();
        await using Client first = await fixture.Engine.ConnectAsync().OrBroken("the first client");
        await using Client second = await fixture.Engine.ConnectAsync().OrBroken("the second client");

        ModelInfo[] infos = await Task.WhenAll(first.Models.EnsureLoadedAsync(model), second.Models.EnsureLoadedAsync(model)).OrBroken("both loads");

        Assert.Equal(
            (infos[0].Id, infos[0].Path, infos[0].Architecture, infos[0].ParameterCount, infos[0].Quantization, infos[0].FileBytes),
            (infos[1].Id, infos[1].Path, infos[1].Architecture, infos[1].ParameterCount, infos[1].Quantization, infos[1].FileBytes));
        Assert.Equal(infos[0].ContextLength, infos[1].ContextLength);
        Assert.Equal(2048, infos[0].ContextLength);
    }

    [Fact]
    public async Task ChatStream_LeftEarly_FreesItsSequence()
    {
        string model = fixture.CopyOfStarter();
        await fixture.Client.Models.EnsureLoadedAsync(model).OrBroken("the load");

        await foreach (ChatDelta _ in fixture.Client.ChatStreamAsync(model, "Give me a detailed description of a forest."))
        {
            break;
        }

        await fixture.Client.ModelStateAsync(model, state => state is { RunningSequences: 0, WaitingSequences: 0 }, "the sequence to be freed");
    }

    [Fact]
    public async Task ChatBatch_CancelledMidway_EndsWithTheCallersTokenAndFreesEverySequence()
    {
        const int Conversations = 64;
        const string Question = "Give me a detailed description of a forest.";
        string model = fixture.CopyOfStarter();
        ChatResult whole = await fixture.Client.ChatAsync(model, Question).OrBroken("one whole answer");
        using var cancel = new CancellationTokenSource();

        Task<IReadOnlyList<ChatResult>> batch = fixture.Client.ChatBatchAsync(
            model, [.. Enumerable.Repeat<IReadOnlyList<Message>>([Message.User(Question)], Conversations)], null, cancel.Token);
        await fixture.Client.ModelStateAsync(model, state => state.RunningSequences > 0, "the batch to run");
        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch.OrBroken("the cancelled batch"));
        Assert.Equal(cancel.Token, error.CancellationToken);
        TelemetryModel state = await fixture.Client.ModelStateAsync(
            model, state => state is { RunningSequences: 0, WaitingSequences: 0 }, "all sequences to be freed");
        Assert.True(
            state.Counters!.GeneratedTokens < (Conversations + 1) * whole.Usage.CompletionTokens,
            $"all {state.Counters.GeneratedTokens} tokens were generated although the batch was cancelled");
    }

    [Fact]
    public async Task Chat_NeighbourCancels_TheOthersAreUndisturbed()
    {
        using var cancel = new CancellationTokenSource();
        const string Question = "Give me a detailed description of a storm.";
        string expected = (await fixture.Client.ChatAsync("starter", Question).OrBroken("the answer alone")).Text;

        Task<ChatResult> staying = fixture.Client.ChatAsync("starter", Question);
        Task<ChatResult> leaving = fixture.Client.ChatAsync("starter", Question, null, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.OrBroken("the cancelled call"));
        Assert.Equal(expected, (await staying.OrBroken("the neighbour")).Text);
    }
}
