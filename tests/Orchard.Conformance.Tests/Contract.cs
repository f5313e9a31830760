using System.Text;
using Orchard.TestSupport;

namespace Orchard.Conformance.Tests;

/// <summary>What an application can rely on, whatever engine is behind its client.</summary>
/// <param name="host">The engine; one for all tests of a class.</param>
public abstract class Contract(EngineHost host)
{
    /// <summary>A question whose answer is still on its way when its first words arrive.</summary>
    public const string LongQuestion = "Give me a detailed description of a storm.";

    private const string Question = "What is the capital of France?";

    private string Starter => host.NameOf("starter");

    [Fact]
    public async Task Chat_OneQuestion_AnswersWithItsUsage()
    {
        await using Client client = await host.ConnectAsync().OrBroken("the client");

        ChatResult answer = await client.ChatAsync(Starter, Question).OrBroken("the answer");

        Assert.Equal("The capital of France is Paris.", answer.Text);
        Assert.Equal(FinishReason.Stop, answer.FinishReason);
        Assert.True(answer.Usage.PromptTokens > 0);
        Assert.True(answer.Usage.CompletionTokens > 0);
        Assert.Equal(answer.Usage.PromptTokens + answer.Usage.CompletionTokens, answer.Usage.TotalTokens);
    }

    [Fact]
    public async Task ChatStream_OneQuestion_GivesTheSameInPiecesOfWhichTheLastEnds()
    {
        await using Client client = await host.ConnectAsync().OrBroken("the client");
        ChatResult whole = await client.ChatAsync(Starter, Question).OrBroken("the answer");

        var text = new StringBuilder();
        var pieces = new List<ChatDelta>();
        await foreach (ChatDelta piece in client.ChatStreamAsync(Starter, Question))
        {
            pieces.Add(piece);
            text.Append(piece.Text);
        }

        Assert.Equal(whole.Text, text.ToString());
        Assert.True(pieces.Count > 1);
        Assert.All(pieces[..^1], piece => Assert.Null(piece.FinishReason));
        Assert.Equal(whole.FinishReason, pieces[^1].FinishReason);
        Assert.Equal(whole.Usage.CompletionTokens, pieces[^1].Usage?.CompletionTokens);
    }

    [Fact]
    public async Task ChatBatch_SeveralConversations_AnswersInTheirOrder()
    {
        await using Client client = await host.ConnectAsync().OrBroken("the client");
        (string Country, string Capital)[] facts = [("Japan", "Tokyo"), ("Italy", "Rome"), ("Egypt", "Cairo"), ("Chile", "Santiago")];

        IReadOnlyList<ChatResult> answers = await client.ChatBatchAsync(
            Starter,
            [.. facts.Select(fact => (IReadOnlyList<Message>)[Message.User($"What is the capital of {fact.Country}?")])]).OrBroken("the batch");

        Assert.Equal(facts.Select(fact => $"The capital of {fact.Country} is {fact.Capital}."), answers.Select(answer => answer.Text));
    }

    [Fact]
    public async Task Chat_ThirtyTwoCallersOfAColdModel_OneLoadAndEveryAnswer()
    {
        await using Client client = await host.ConnectAsync().OrBroken("the client");
        string model = host.ColdModel();

        ChatResult[] answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => client.ChatAsync(model, Question))).OrBroken("the answers");

        Assert.All(answers, answer => Assert.Equal("The capital of France is Paris.", answer.Text));
        ModelInfo info = await client.Models.EnsureLoadedAsync(model).OrBroken("the model");
        Assert.Equal(1, await host.LoadCommandsAsync(client, info));
    }

    [Fact]
    public async Task EnsureLoaded_HalfOfTheCallersCancelled_TheOthersGetTheModelFromOneLoad()
    {
        await using Client client = await host.ConnectAsync().OrBroken("the client");
        string model = host.ColdModel();
        using var leaving = new CancellationTokenSource();

        Task<ModelInfo>[] staying = new Task<ModelInfo>[32];
        Task<ModelInfo>[] cancelled = new Task<ModelInfo>[32];
        for (int i = 0; i < staying.Length; i++)
        {
            cancelled[i] = client.Models.EnsureLoadedAsync(model, cancellationToken: leaving.Token);
            staying[i] = client.Models.EnsureLoadedAsync(model);
        }

        await leaving.CancelAsync();

        ModelInfo[] infos = await Task.WhenAll(staying).OrBroken("those who stay");
        Assert.Single(infos.Distinct());
        foreach (Task<ModelInfo> call in cancelled)
        {
            await EndsAsync(call, leaving.Token);
        }

        Assert.Equal(1, await host.LoadCommandsAsync(client, infos[0]));
    }

    [Fact]
    public async Task ChatStream_Cancelled_EndsWithTheCallersTokenAndFreesItsPlace()
    {
        await using Client client = await host.ConnectAsync().OrBroken("the client");
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Starter, LongQuestion, cancellationToken: stop.Token)
            .GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first word"));

        await stop.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DrainAsync(stream).OrBroken("the end"));
        Assert.Equal(stop.Token, error.CancellationToken);
        await host.IdleAsync(client);
    }

    [Fact]
    public async Task ChatStream_LeftEarly_FreesItsPlaceAndTheClientGoesOn()
    {
        await using Client client = await host.ConnectAsync().OrBroken("the client");
        await foreach (ChatDelta _ in client.ChatStreamAsync(Starter, LongQuestion))
        {
            break;
        }

        await host.IdleAsync(client);
        Assert.Contains("Paris", (await client.ChatAsync(Starter, Question).OrBroken("the next answer")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_NoSuchModel_SaysSoAndTheClientGoesOn()
    {
        await using Client client = await host.ConnectAsync().OrBroken("the client");

        var error = await Assert.ThrowsAsync<ModelNotFoundException>(() => client.ChatAsync(host.NameOf("no-such-model"), Question).OrBroken("the refusal"));

        Assert.Contains("no-such-model", error.Message, StringComparison.Ordinal);
        Assert.Contains("Paris", (await client.ChatAsync(Starter, Question).OrBroken("the next answer")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_AnswersUnderWay_TheyFailTypedAndTheNextCallLoadsAgain()
    {
        await using Client client = await host.ConnectAsync().OrBroken("the client");
        Task[] calls = new Task[64]; // too many for all of them to be done before the engine is killed
        var words = new TaskCompletionSource[calls.Length];
        for (int i = 0; i < calls.Length; i++)
        {
            words[i] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            calls[i] = ReadAsync(client, words[i]);
        }

        await Task.WhenAll(words.Select(word => word.Task)).OrBroken("the first word of each");
        await host.KillAsync(client);

        Exception?[] ends = await Task.WhenAll(calls.Select(call => Record.ExceptionAsync(() => call.OrBroken("the call to end")).AsTask()));
        Assert.Contains(ends, end => end is not null);
        Assert.All(ends.Where(end => end is not null), end => Assert.IsType(host.Death, end));
        ChatResult next = await client.ChatAsync(Starter, Question).OrBroken("the next answer");
        Assert.Equal("The capital of France is Paris.", next.Text);
    }

    [Fact]
    public async Task Dispose_OfOneClient_EndsItsCallsAndNoOthers()
    {
        await using Client other = await host.ConnectAsync().OrBroken("the other client");
        Client client = await host.ConnectAsync().OrBroken("the client");
        var word = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task call = ReadAsync(client, word);
        await word.Task.OrBroken("the first word");

        await client.DisposeAsync().AsTask().OrBroken("the client to leave");

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.OrBroken("its call to end"));
        Assert.Contains("Paris", (await other.ChatAsync(Starter, Question).OrBroken("the other's answer")).Text, StringComparison.Ordinal);
        await host.IdleAsync(other);
    }

    private async Task ReadAsync(Client client, TaskCompletionSource firstWord)
    {
        await foreach (ChatDelta _ in client.ChatStreamAsync(Starter, LongQuestion))
        {
            firstWord.TrySetResult();
        }
    }

    private static async Task DrainAsync(IAsyncEnumerator<ChatDelta> stream)
    {
        while (await stream.MoveNextAsync())
        {
        }
    }

    // A call may have been done before it was cancelled.
    private static async Task EndsAsync(Task<ModelInfo> call, CancellationToken cancellation)
    {
        try
        {
            await call.OrBroken("a cancelled call");
        }
        catch (OperationCanceledException e)
        {
            Assert.Equal(cancellation, e.CancellationToken);
        }
    }
}
