using Orchard.TestModels.Architectures;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests.Architectures;

/// <summary>What every architecture must do, each by the public client and the real engine.</summary>
/// <param name="client">The client.</param>
/// <param name="architecture">The architecture.</param>
/// <param name="model">Path of its model.</param>
/// <param name="wholeModel">Path of the same model whose KV cache is allocated as a whole.</param>
internal sealed class ArchitectureCells(Client client, ModelArchitecture architecture, string model, string wholeModel)
{
    private const string Question = "What was the weather like on the day when the old ship left the harbour?";

    // Longer than every sliding window, and nearly as long as the first KV cache.
    private static readonly string LongQuestion = string.Concat(Enumerable.Range(0, 30).Select(static i => $"item {i}, "));

    private static readonly GenerationOptions Greedy = new()
    {
        Temperature = 0,
        MaxOutputTokens = 12,
        IgnoreEndOfSequence = true,
        IncludeLogprobs = true,
        TopLogprobs = 5,
    };

    private static readonly GenerationOptions Uncached = Greedy with { UsePrefixCache = false };

    private bool Generates => architecture.Kind is not (ModelKind.Encoder or ModelKind.EncoderDecoder or ModelKind.Diffusion);

    private bool IsRefused => architecture.Kind is ModelKind.EncoderDecoder or ModelKind.Diffusion || architecture.Name == "plm";

    /// <summary>Tries everything, one after another.</summary>
    public async Task<IReadOnlyList<Cell>> RunAsync()
    {
        (string Name, Func<Task> Run)[] cells =
        [
            ("batch", BatchAsync), ("exact", DeterministicAsync), ("prefix", PrefixCacheAsync), ("turn", SecondTurnAsync),
            ("edit", EditedHistoryAsync), ("window", LongPromptAsync), ("growth", GrowthAsync), ("guess", GuessesAsync),
            ("copies", CopiesAsync), ("cancel", CancelAsync), ("reload", ReloadAsync), ("schema", StructuredAsync),
            ("embed", EmbedAsync), ("limits", LimitsAsync),
        ];
        List<Cell> results = [];
        foreach ((string name, Func<Task> run) in cells)
        {
            results.Add(await TryAsync(name, run));
        }

        await client.Models.UnloadAsync(model).OrBroken("the unload");
        return results;
    }

    private async Task<Cell> TryAsync(string name, Func<Task> run)
    {
        try
        {
            await run();
            return new Cell(name, "ok");
        }
        catch (ModelLoadException e) when (IsRefused)
        {
            return new Cell(name, "refused", name == "batch" ? e.Message : null);
        }
        catch (RequestRejectedException e) when (e.Code == RequestErrorCodes.Unsupported && (!Generates || name == "embed"))
        {
            return new Cell(name, "refused", name is "batch" or "embed" ? e.Message : null);
        }
        catch (Exception e)
        {
            return new Cell(name, Cell.Wrong, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private async Task BatchAsync()
    {
        string[] questions = [.. Enumerable.Range(0, 8).Select(static i => i < 5 ? $"{i} {Question}" : $"{i} {Question[..(10 * i)]}")];
        List<ChatResult> alone = [];
        foreach (string question in questions)
        {
            alone.Add(await AskAsync(question, Uncached));
        }

        ChatResult[] together = await Task.WhenAll(questions.Select(question => AskAsync(question, Uncached)));

        Assert.All(alone.Zip(together), static pair => AssertSame(pair.First, pair.Second));
    }

    private async Task DeterministicAsync()
    {
        GenerationOptions exact = Greedy with { IsDeterministic = true };
        ChatResult alone = await AskAsync(Question, exact);
        Task<ChatResult>[] others = [.. Enumerable.Range(0, 5).Select(i => AskAsync($"{i} {Question}", Greedy))];
        ChatResult[] together = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => AskAsync(Question, exact)));
        await Task.WhenAll(others);

        Assert.All(together, answer => Answers.AssertSame(alone.Logprobs, answer.Logprobs, tolerance: 0));
        Assert.All(together, answer => Assert.Equal(alone.Text, answer.Text));
    }

    private async Task PrefixCacheAsync()
    {
        ChatResult cold = await AskAsync(Question, Uncached);

        AssertSame(cold, await AskAsync(Question, Greedy));
        AssertSame(cold, await AskAsync(Question, Greedy));
    }

    private async Task SecondTurnAsync()
    {
        ChatResult first = await AskAsync(Question, Greedy);
        Message[] conversation = [Message.User(Question), Message.Assistant(first.Text), Message.User("And the day after?")];

        AssertSame(await AskAsync(conversation, Uncached), await AskAsync(conversation, Greedy));
    }

    private async Task EditedHistoryAsync()
    {
        await AskAsync([Message.User(Question), Message.Assistant("Rain."), Message.User("And the day after?")], Greedy);
        Message[] edited = [Message.User(Question), Message.Assistant("Rain, and fog."), Message.User("And the day after?")];

        AssertSame(await AskAsync(edited, Uncached), await AskAsync(edited, Greedy));
    }

    private async Task LongPromptAsync()
    {
        await AskAsync(LongQuestion, Greedy);
        string edited = LongQuestion.Replace("item 15", "item xy", StringComparison.Ordinal);

        AssertSame(await AskAsync(edited, Uncached), await AskAsync(edited, Greedy));
        AssertSame(await AskAsync(LongQuestion, Uncached), await AskAsync(LongQuestion, Greedy));
    }

    private async Task GrowthAsync()
    {
        GenerationOptions longer = Uncached with { MaxOutputTokens = 60 };
        ChatResult grown = await AskAsync(LongQuestion[..190], longer);
        ChatResult whole = await client.ChatAsync(wholeModel, LongQuestion[..190], longer).OrBroken("the answer with a whole cache");
        await client.Models.UnloadAsync(wholeModel).OrBroken("the unload");

        Assert.True(grown.Usage.PromptTokens is > 200 and < 256, $"{grown.Usage.PromptTokens} tokens");
        AssertSame(whole, grown);
    }

    private async Task GuessesAsync()
    {
        string repeating = string.Concat(Enumerable.Repeat("one two three four ", 6));
        GenerationOptions longer = Greedy with { MaxOutputTokens = 60 };

        AssertSame(await AskAsync(repeating, longer with { IsDeterministic = true }), await AskAsync(repeating, longer));
    }

    private async Task CopiesAsync()
    {
        GenerationOptions sampled = Greedy with { Temperature = 1, Seed = 5 };
        ChatResult four = await AskAsync(Question, sampled with { CandidateCount = 4 });

        Assert.Equal(3, four.Alternatives.Count);
        for (int i = 1; i < 4; i++)
        {
            ChatResult alone = await AskAsync(Question, sampled with { Seed = 5 + (uint)i });
            ChatResult candidate = four.Alternatives.Single(candidate => candidate.CandidateIndex == i);
            Answers.AssertSame(alone.Logprobs, candidate.Logprobs, Answers.Tolerance, isGreedy: false);
        }
    }

    private async Task CancelAsync()
    {
        ChatResult before = await AskAsync(Question, Uncached);
        await foreach (ChatDelta delta in client.ChatStreamAsync(model, Question, Greedy with { MaxOutputTokens = 200 }))
        {
            if (delta.Text.Length > 0)
            {
                break;
            }
        }

        AssertSame(before, await AskAsync(Question, Greedy));
    }

    private async Task ReloadAsync()
    {
        ChatResult before = await AskAsync(Question, Uncached);
        Assert.True(await client.Models.UnloadAsync(model).OrBroken("the unload"));

        AssertSame(before, await AskAsync(Question, Uncached));
    }

    private async Task StructuredAsync()
    {
        ChatResult answer = await AskAsync(Question, new GenerationOptions { ResponseFormat = ResponseFormat.Regex("(yes|no) [0-9]{3}") });

        Assert.Matches("^(yes|no) [0-9]{3}$", answer.Text);
    }

    private async Task EmbedAsync()
    {
        var options = new EmbeddingOptions { Pooling = Generates ? EmbeddingPooling.Mean : EmbeddingPooling.Unspecified };
        string[] texts = ["a ship", "the harbour in the morning", "rain"];
        IReadOnlyList<TextEmbedding> together = await client.EmbedAsync(model, texts, options).OrBroken("the vectors");
        for (int i = 0; i < texts.Length; i++)
        {
            TextEmbedding alone = await client.EmbedAsync(model, texts[i], options).OrBroken("one vector");
            double cosine = alone.Vector.ToArray().Zip(together[i].Vector.ToArray(), static (a, b) => (double)a * b).Sum();
            Assert.True(cosine > 0.9999, $"the cosine of text {i} alone and among others is {cosine:F4}");
        }
    }

    private async Task LimitsAsync()
    {
        try
        {
            await AskAsync(new string('x', 600), Greedy);
            Assert.Fail("The prompt is longer than the context.");
        }
        catch (ContextLengthExceededException e)
        {
            Assert.Contains("512", e.Message, StringComparison.Ordinal);
        }

        Assert.Single((await AskAsync(new string('x', 480), Greedy with { MaxOutputTokens = 1 })).Logprobs);
    }

    private Task<ChatResult> AskAsync(string question, GenerationOptions options) => AskAsync([Message.User(question)], options);

    private Task<ChatResult> AskAsync(Message[] conversation, GenerationOptions options) =>
        client.ChatAsync(model, conversation, options).OrBroken("an answer");

    private static void AssertSame(ChatResult expected, ChatResult actual) =>
        Answers.AssertSame(expected.Logprobs, actual.Logprobs, Answers.Tolerance);
}
