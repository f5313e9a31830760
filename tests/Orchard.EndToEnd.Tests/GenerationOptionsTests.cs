using System.Text;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Every option, seen to do its work in the engine.</summary>
public sealed class GenerationOptionsTests(EngineFixture fixture)
{
    private const string Story = "Give me a detailed description of a storm.";

    // A sampler so free that it seldom says the same twice.
    private static readonly GenerationOptions Free = new() { Temperature = 3, TopK = 0, TopP = 1, MinP = 0, Seed = 7, IsDeterministic = true, MaxOutputTokens = 40 };

    private Client Client => fixture.Client;

    [Fact]
    public async Task Logprobs_Greedy_AreThoseOfTheLikeliestTokensAndAddUp()
    {
        ChatResult answer = await AskAsync(Story, new() { TopLogprobs = 3, MaxOutputTokens = 30 });

        Assert.Equal(answer.Usage.CompletionTokens, answer.Logprobs.Count);
        Assert.Equal(answer.Text, Encoding.UTF8.GetString([.. answer.Logprobs.SelectMany(token => token.Bytes.ToArray())]));
        Assert.Equal(answer.Logprobs.Sum(token => token.Logprob), answer.CumulativeLogprob!.Value, 9);
        Assert.All(answer.Logprobs, token =>
        {
            Assert.Equal(3, token.TopLogprobs.Count);
            Assert.Equal((token.Id, token.Logprob), (token.TopLogprobs[0].Id, token.TopLogprobs[0].Logprob));
            Assert.Equal(token.TopLogprobs.OrderByDescending(top => top.Logprob), token.TopLogprobs);
            Assert.InRange(token.TopLogprobs.Sum(top => Math.Exp(top.Logprob)), 0, 1 + 1e-9);
        });
    }

    [Fact]
    public async Task Logprobs_Stream_ComeWithTheirText()
    {
        var tokens = new List<TokenLogprob>();
        double? sum = null;
        await foreach (ChatDelta delta in Client.ChatStreamAsync("starter", Story, new GenerationOptions { IncludeLogprobs = true, MaxOutputTokens = 20 }))
        {
            tokens.AddRange(delta.Logprobs);
            sum = delta.CumulativeLogprob ?? sum;
        }

        Assert.Equal(20, tokens.Count);
        Assert.Equal(tokens.Sum(token => token.Logprob), sum!.Value, 9);
        Assert.All(tokens, token => Assert.Empty(token.TopLogprobs));
    }

    [Fact]
    public async Task Logprobs_SamplingOptions_DoNotChangeThem()
    {
        GenerationOptions plain = new() { IncludeLogprobs = true, MaxOutputTokens = 1 };
        TokenLogprob likeliest = (await AskAsync(Story, plain)).Logprobs[0];

        TokenLogprob forced = (await AskAsync(
            Story, plain with { Temperature = 2, Seed = 1, LogitBias = new Dictionary<int, double> { [likeliest.Id] = 100 } })).Logprobs[0];

        Assert.Equal(likeliest.Id, forced.Id);
        Assert.Equal(likeliest.Logprob, forced.Logprob, 4);
    }

    [Fact]
    public async Task Logprobs_NotAskedFor_AreNotThere()
    {
        ChatResult answer = await AskAsync(Story, new() { MaxOutputTokens = 3 });

        Assert.Empty(answer.Logprobs);
        Assert.Null(answer.CumulativeLogprob);
    }

    [Fact]
    public async Task LogitBias_RulesATokenOut()
    {
        TokenLogprob first = (await AskAsync(Story, new() { IncludeLogprobs = true, MaxOutputTokens = 1 })).Logprobs[0];

        ChatResult without = await AskAsync(
            Story, new() { IncludeLogprobs = true, MaxOutputTokens = 20, LogitBias = new Dictionary<int, double> { [first.Id] = -100 } });

        Assert.DoesNotContain(first.Id, without.Logprobs.Select(token => token.Id));
    }

    [Fact]
    public async Task LogitBias_TokenBeyondTheVocabulary_IsRefusedByName()
    {
        var error = await Assert.ThrowsAsync<RequestRejectedException>(
            () => AskAsync(Story, new() { LogitBias = new Dictionary<int, double> { [1_000_000] = 1 } }));

        Assert.Contains("logit_bias is 1000000", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> PenaltyNames => ["repetition", "frequency", "dry"];

    [Theory]
    [MemberData(nameof(PenaltyNames))]
    public async Task Penalty_LongAnswer_RepeatsLess(string name)
    {
        // Without an end, and invited to repeat itself, the model soon goes round in circles.
        GenerationOptions plain = new() { IgnoreEndOfSequence = true, MaxOutputTokens = 150, IncludeLogprobs = true, PenaltyWindow = 256, PresencePenalty = -2 };
        GenerationOptions penalised = name switch
        {
            "repetition" => plain with { RepetitionPenalty = 2 },
            "frequency" => plain with { FrequencyPenalty = 2 },
            _ => plain with { Dry = new DryOptions { Multiplier = 5 } },
        };

        int length = name == "dry" ? 2 : 1; // the one penalises sequences, the others single tokens

        int circling = DistinctSequences(await AskAsync(Story, plain), length);
        int varied = DistinctSequences(await AskAsync(Story, penalised), length);

        Assert.True(varied > circling, $"{varied} distinct sequences of {length} tokens with the penalty, {circling} without");
    }

    [Fact]
    public async Task PresencePenalty_Negative_InvitesRepetition()
    {
        GenerationOptions plain = new() { IgnoreEndOfSequence = true, MaxOutputTokens = 150, IncludeLogprobs = true, PenaltyWindow = 256 };

        int varied = DistinctSequences(await AskAsync(Story, plain), 1);
        int repeating = DistinctSequences(await AskAsync(Story, plain with { PresencePenalty = -2 }), 1);

        Assert.True(repeating < varied, $"{repeating} distinct tokens with the invitation, {varied} without");
    }

    [Fact]
    public async Task PenaltyWindow_Zero_SwitchesPenaltiesOff()
    {
        GenerationOptions plain = new() { MaxOutputTokens = 60 };

        ChatResult none = await AskAsync(Story, plain with { RepetitionPenalty = 5, FrequencyPenalty = 2, PenaltyWindow = 0 });

        Assert.Equal((await AskAsync(Story, plain)).Text, none.Text);
    }

    public static TheoryData<string> NarrowingNames => ["top-k", "top-p", "min-p", "typical-p", "mirostat"];

    [Theory]
    [MemberData(nameof(NarrowingNames))]
    public async Task Narrowing_TightestValue_BringsAHotSamplerToTheLikeliestTokens(string name)
    {
        GenerationOptions narrow = name switch
        {
            "top-k" => Free with { TopK = 1 },
            "top-p" => Free with { TopP = 1e-6 },
            "min-p" => Free with { MinP = 1 },
            "typical-p" => Free with { TypicalP = 1e-6, Temperature = 1 },
            _ => Free with { Mirostat = new MirostatOptions { Tau = 0.001, Eta = 0.001 }, Temperature = 0.01 },
        };

        double free = await MeanLogprobAsync(Free);
        double narrowed = await MeanLogprobAsync(narrow);

        Assert.True(narrowed > free, $"mean logprob {narrowed} with the option, {free} without");
    }

    [Fact]
    public async Task Xtc_Always_GivesAnotherTextThanGreedy()
    {
        GenerationOptions cold = Free with { Temperature = 0.01, MaxOutputTokens = 60 };

        ChatResult plain = await AskAsync(Story, cold);
        ChatResult excluding = await AskAsync(Story, cold with { Xtc = new XtcOptions { Probability = 1, Threshold = 0.001 } });

        Assert.NotEqual(plain.Text, excluding.Text);
    }

    [Fact]
    public async Task IgnoreEndOfSequence_GoesOnToTheLimit()
    {
        ChatResult answer = await AskAsync("What is the capital of France?", new() { IgnoreEndOfSequence = true, MaxOutputTokens = 60 });

        Assert.Equal((FinishReason.Length, 60), (answer.FinishReason, answer.Usage.CompletionTokens));
    }

    [Theory]
    [InlineData(false, "1, 2, 3, 4")]
    [InlineData(true, "1, 2, 3, 4, 5")]
    public async Task KeepStopString_DecidesWhetherItStays(bool keep, string expected)
    {
        ChatResult answer = await AskAsync("Count from 1 to 10.", new() { StopSequences = [", 5"], IncludeStopSequence = keep });

        Assert.Equal((expected, FinishReason.Stop), (answer.Text, answer.FinishReason));
    }

    [Fact]
    public async Task CandidateCount_Sampled_GivesThatManyDifferentAnswers()
    {
        ChatResult answer = await AskAsync(Story, Free with { CandidateCount = 3 });

        ChatResult[] all = [answer, .. answer.Alternatives];
        Assert.Equal([0, 1, 2], all.Select(result => result.CandidateIndex));
        Assert.Equal(3, all.Select(result => result.Text).Distinct().Count());
        Assert.All(all, result => Assert.Equal(result.Usage.PromptTokens, result.ConversationUsage.PromptTokens));
        Assert.Equal(all.Sum(result => result.Usage.CompletionTokens), answer.ConversationUsage.CompletionTokens);
    }

    [Fact]
    public async Task BestOf_GivesTheLargestCumulativeLogprobsBestFirst()
    {
        GenerationOptions six = Free with { Temperature = 1.5, CandidateCount = 6 };
        ChatResult everything = await AskAsync(Story, six);
        string[] expected =
        [
            .. everything.Alternatives.Prepend(everything).OrderByDescending(result => result.CumulativeLogprob).Take(2).Select(result => result.Text),
        ];

        ChatResult best = await AskAsync(Story, six with { CandidateCount = 2, BestOf = 6 });

        Assert.Equal(expected, best.Alternatives.Prepend(best).Select(result => result.Text));
        Assert.Equal(everything.ConversationUsage.CompletionTokens, best.ConversationUsage.CompletionTokens);
    }

    [Fact]
    public async Task CandidateCount_Stream_SaysWhichIsWhich()
    {
        var texts = new Dictionary<int, StringBuilder>();
        int ends = 0;
        await foreach (ChatDelta delta in Client.ChatStreamAsync("starter", Story, Free with { CandidateCount = 2 }))
        {
            if (!texts.TryGetValue(delta.CandidateIndex, out StringBuilder? text))
            {
                texts[delta.CandidateIndex] = text = new StringBuilder();
            }

            text.Append(delta.Text);
            ends += delta.FinishReason is null ? 0 : 1;
        }

        ChatResult whole = await AskAsync(Story, Free with { CandidateCount = 2 });
        Assert.Equal(2, ends);
        Assert.Equal([whole.Text, whole.Alternatives[0].Text], texts.OrderBy(pair => pair.Key).Select(pair => pair.Value.ToString()));
    }

    [Fact]
    public async Task Seed_Same_GivesTheSameTextAndAnotherGivesAnother()
    {
        string first = (await AskAsync(Story, Free)).Text;

        Assert.Equal(first, (await AskAsync(Story, Free)).Text);
        Assert.NotEqual(first, (await AskAsync(Story, Free with { Seed = 8 })).Text);
    }

    [Fact]
    public async Task Deterministic_NoSeed_RepeatsItself()
    {
        GenerationOptions options = Free with { Seed = null, UsePrefixCache = false };

        Assert.Equal((await AskAsync(Story, options)).Text, (await AskAsync(Story, options)).Text);
    }

    [Fact]
    public async Task ChatBatch_OneConversationDoesNotFit_TheOthersAnswer()
    {
        IReadOnlyList<Message>[] conversations =
        [
            [Message.User("What is the capital of France?")],
            [Message.User(string.Join(' ', Enumerable.Range(0, 1_000)))],
            [Message.User("What is the capital of Japan?")],
        ];

        IReadOnlyList<ChatResult> answers = await Client.ChatBatchAsync("starter", conversations).OrBroken("the batch");

        Assert.Contains("Paris", answers[0].Text, StringComparison.Ordinal);
        Assert.IsType<ContextLengthExceededException>(answers[1].Error);
        Assert.Equal(FinishReason.Error, answers[1].FinishReason);
        Assert.Contains("Tokyo", answers[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatBatchStream_ManyConversations_GivesWhatTheBatchGives()
    {
        IReadOnlyList<Message>[] conversations = [[Message.User("What is the capital of Italy?")], [Message.User("Count from 1 to 10.")]];
        var texts = new StringBuilder[] { new(), new() };
        await foreach (ChatDelta delta in Client.ChatBatchStreamAsync("starter", conversations))
        {
            texts[delta.PromptIndex].Append(delta.Text);
        }

        IReadOnlyList<ChatResult> whole = await Client.ChatBatchAsync("starter", conversations).OrBroken("the batch");
        Assert.Equal(whole.Select(result => result.Text), texts.Select(text => text.ToString()));
    }

    private Task<ChatResult> AskAsync(string question, GenerationOptions options) => Client.ChatAsync("starter", question, options).OrBroken("the answer");

    private async Task<double> MeanLogprobAsync(GenerationOptions options) =>
        (await AskAsync(Story, options with { IncludeLogprobs = true })).Logprobs.Average(token => token.Logprob);

    private static int DistinctSequences(ChatResult answer, int length) =>
        Enumerable.Range(0, answer.Logprobs.Count - length + 1)
            .Select(start => string.Join(',', answer.Logprobs.Skip(start).Take(length).Select(token => token.Id)))
            .Distinct()
            .Count();
}
