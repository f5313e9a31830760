using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Prefixes;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Tests.Native;
using Orchard.Engine.Tests.Scheduling;

namespace Orchard.Engine.Tests.Inference;

/// <summary>
/// Conversations go on from what the engine has kept of others, for every kind of memory that models have, and are answered as if it had
/// kept nothing.
/// </summary>
public sealed class ConversationTests
{
    // Sums in another order are rounded differently in a 16-bit cache. Computing these prompts without any cache in groups of 50 tokens
    // instead of 128 changes the log probabilities by up to 0.003, and what follows after two tokens that are almost equally probable.
    private const double Tolerance = 0.02;
    private const int EndToken = 0; // never sampled, so that answers have their length

    private const int AnswerLength = 40;
    private const int SystemLength = 160;

    private static readonly DecoderOptions Small = new()
    {
        SequenceCapacity = 6,
        ContextLength = 1_024,
        BatchCapacity = 128,
        InitialContextLength = 256,
        ReservesMemory = true,
    };

    public static TheoryData<string> All { get; } = [.. RandomModels.Architectures];

    public static TheoryData<string> Windowed { get; } = [.. RandomModels.Windowed];

    [Theory]
    [MemberData(nameof(All))]
    public async Task SecondTurn_ComputesTheNewTokensAlone(string architecture)
    {
        await using var chat = await Chat.StartAsync(architecture, Small);
        int[] first = [.. System(), .. Message(100)];
        Answer answer = await chat.AskAsync(first);

        Answer second = await chat.AskAsync([.. first, .. answer.Tokens, .. Message(60)]);

        Assert.Equal(first.Length + AnswerLength - 1, second.CachedTokens);
        await chat.AssertAsColdAsync(second);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task EditedHistory_FurtherBackThanTheWindow_GoesOnFromAPrefix(string architecture)
    {
        await using var chat = await Chat.StartAsync(architecture, Small);
        int[] first = [.. System(), .. Message(40)];
        Answer answer = await chat.AskAsync(first);
        int[] turn = [.. first, .. answer.Tokens];
        await chat.AskAsync([.. turn, .. Message(150)]);

        Answer edited = await chat.AskAsync([.. turn, .. Message(70, seed: 3)]);

        Assert.InRange(edited.CachedTokens, first.Length + AnswerLength - 1, turn.Length + 1);
        await chat.AssertAsColdAsync(edited);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task SameQuestionAgain_IsAnsweredAlike(string architecture)
    {
        await using var chat = await Chat.StartAsync(architecture, Small);
        int[] first = [.. System(), .. Message(100)];
        await chat.AskAsync(first);

        Answer again = await chat.AskAsync(first);

        Assert.InRange(again.CachedTokens, first.Length - 10, first.Length - 1);
        await chat.AssertAsColdAsync(again);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task OtherConversations_ThatReplaceEachOther_GoOnFromTheSystemPrompt(string architecture)
    {
        await using var chat = await Chat.StartAsync(architecture, Small with { SequenceCapacity = 2 });
        await chat.AskAsync([.. System(), .. Message(90)]);
        for (int seed = 2; seed < 5; seed++)
        {
            Answer other = await chat.AskAsync([.. System(), .. Message(60, seed)]);

            Assert.InRange(other.CachedTokens, SystemLength, SystemLength + 1);
            await chat.AssertAsColdAsync(other);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task FourCandidates_AreTheSameAsOne(string architecture)
    {
        await using var chat = await Chat.StartAsync(architecture, Small);
        int[] prompt = [.. System(), .. Message(300)];

        Answer[] all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => chat.AskAsync(prompt)));

        foreach (Answer answer in all)
        {
            await chat.AssertAsColdAsync(answer);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Cancelled_ThenGoneOnWith_IsAnsweredAsIfItWereNot(string architecture)
    {
        await using var chat = await Chat.StartAsync(architecture, Small);
        int[] prompt = [.. System(), .. Message(100)];
        await chat.CancelAsync(prompt, afterTokens: 7);

        await chat.AssertAsColdAsync(await chat.AskAsync(prompt));
        await chat.AssertAsColdAsync(await chat.AskAsync([.. prompt[..^20], .. Message(30, seed: 7)]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Guesses_InALongAnswer_ChangeNothing(string architecture)
    {
        await using var chat = await Chat.StartAsync(architecture, Small, speculates: true);
        for (int seed = 0; seed < 6; seed++)
        {
            // Repeats itself, so that there is something to guess.
            Answer answer = await chat.AskAsync([.. System(), .. Message(50, seed), .. Message(50, seed)], tokens: 200);

            await chat.AssertAsColdAsync(answer);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Deterministic_AmongOthersAndAfterThem_IsTheSameToTheLastBit(string architecture)
    {
        await using var chat = await Chat.StartAsync(architecture, Small, speculates: true);
        int[] prompt = [.. System(), .. Message(130)];
        Answer alone = await chat.AskAsync(prompt, deterministic: true);
        Task<Answer>[] others = [.. Enumerable.Range(0, 4).Select(seed => chat.AskAsync([.. System(), .. Message(60 + seed, seed)]))];

        Answer among = await chat.AskAsync(prompt, deterministic: true);
        await Task.WhenAll(others);
        Answer after = await chat.AskAsync(prompt, deterministic: true);

        Assert.All([among, after], answer =>
        {
            Assert.Equal(alone.Tokens, answer.Tokens);
            Assert.Equal(alone.Logprobs, answer.Logprobs);
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task NextEngine_GoesOnFromWhatIsOnDisk(string architecture)
    {
        await using var chat = await Chat.StartAsync(architecture, Small);
        int[] first = [.. System(), .. Message(150)];
        Answer answer = await chat.AskAsync(first);
        int[] other = [.. Message(330, seed: 5)];
        Answer otherAnswer = await chat.AskAsync(other);

        await chat.RestartAsync();
        Answer second = await chat.AskAsync([.. first, .. answer.Tokens, .. Message(60)]);
        Answer otherSecond = await chat.AskAsync([.. other, .. otherAnswer.Tokens, .. Message(20)]);

        Assert.Equal(first.Length + AnswerLength - 1, second.CachedTokens);
        Assert.Equal(other.Length + AnswerLength - 1, otherSecond.CachedTokens);
        await chat.AssertAsColdAsync(second);
        await chat.AssertAsColdAsync(otherSecond);
    }

    [Fact]
    public async Task NextEngine_SameQuestion_IsAnsweredAlike()
    {
        await using var chat = await Chat.StartAsync("llama", Small);
        int[] first = [.. System(), .. Message(150)];
        Answer before = await chat.AskAsync(first);

        await chat.RestartAsync();
        Answer after = await chat.AskAsync(first);
        Answer edited = await chat.AskAsync([.. System(), .. Message(100, seed: 9)]);

        Assert.Equal(first.Length - 1, after.CachedTokens);
        Assert.Equal(before.Tokens, after.Tokens);
        Assert.InRange(edited.CachedTokens, SystemLength, SystemLength + 1);
        await chat.AssertAsColdAsync(edited);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task NextEngine_MorePlacesInItsCache_DoesNotUseWhatDoesNotFit(string architecture)
    {
        await using var chat = await Chat.StartAsync(architecture, Small);
        int[] first = [.. System(), .. Message(150)];
        Answer answer = await chat.AskAsync(first);

        await chat.RestartAsync(Small with { SequenceCapacity = 3 });
        Answer second = await chat.AskAsync([.. first, .. answer.Tokens, .. Message(60)]);

        await chat.AssertAsColdAsync(second);
    }

    [Theory]
    [MemberData(nameof(Windowed))]
    public async Task Guesses_InACacheThatOthersLeave_ChangeNothing(string architecture)
    {
        DecoderOptions unified = Small with { UnifiedKeyValueCache = true, SequenceCapacity = 3, ContextLength = 512 };
        await using var chat = await Chat.StartAsync(architecture, unified, speculates: true);
        for (int seed = 0; seed < 6; seed++)
        {
            // The cells of the short ones, which leave first, are before those of the long one.
            Task<Answer>[] brief = [chat.AskAsync(Message(60, seed + 20), tokens: 2), chat.AskAsync(Message(60, seed + 40), tokens: 4)];
            Answer answer = await chat.AskAsync([.. Message(50, seed), .. Message(50, seed)], tokens: 200);

            await Task.WhenAll(brief);
            await chat.AssertAsColdAsync(answer);
        }
    }

    private static int[] System() => [RandomModels.Mark, .. Text(SystemLength - 1, seed: 11)];

    private static int[] Message(int length, int seed = 1) => [RandomModels.Mark, .. Text(length - 3, seed), RandomModels.Mark, 5];

    private static IEnumerable<int> Text(int length, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, length).Select(_ => random.Next(2, RandomModels.Vocabulary));
    }

    /// <param name="Prompt">The prompt.</param>
    /// <param name="Tokens">The tokens of the answer.</param>
    /// <param name="Logprobs">Their log probabilities.</param>
    /// <param name="Leads">How much greater they are than those of the second most probable tokens that can be sampled.</param>
    /// <param name="CachedTokens">Number of prompt tokens that were not computed.</param>
    private sealed record Answer(int[] Prompt, int[] Tokens, double[] Logprobs, double[] Leads, int CachedTokens);

    private sealed class Chat : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder;
        private readonly LlamaModel _model;
        private readonly PrefixFolder _prefixes;
        private readonly bool _speculates;
        private readonly BatchScheduler _cold;
        private BatchScheduler _scheduler;

        private Chat(TemporaryFolder folder, LlamaModel model, DecoderOptions options, bool speculates)
        {
            _folder = folder;
            _model = model;
            _speculates = speculates;
            _prefixes = new PrefixFolder(
                Path.Combine(folder.Path, "prefixes"), new PrefixLimits { FreeBytes = 0 }, TimeProvider.System, NullLogger.Instance);
            _scheduler = Start(options);
            _cold = new BatchScheduler(new LlamaDecoder(model, options with { InitialContextLength = null }), model, "cold");
        }

        public static async Task<Chat> StartAsync(string architecture, DecoderOptions options, bool speculates = false)
        {
            var folder = new TemporaryFolder();
            string path = RandomModels.Write(Path.Combine(folder.Path, "model.gguf"), architecture);
            LlamaModel model = await LlamaModel.LoadAsync(path, settings: null, null, TestContext.Current.CancellationToken);
            return new Chat(folder, model, options, speculates);
        }

        /// <summary>Goes on with a scheduler that knows only what the one before has left on disk.</summary>
        public async Task RestartAsync(DecoderOptions? options = null)
        {
            await _scheduler.DisposeAsync();
            _scheduler = Start(options ?? Small);
        }

        public Task<Answer> AskAsync(int[] prompt, int tokens = AnswerLength, bool deterministic = false) =>
            AskAsync(_scheduler, prompt, tokens, deterministic, usesPrefixCache: true);

        public async Task CancelAsync(int[] prompt, int afterTokens)
        {
            using var cancel = new CancellationTokenSource();
            var observer = new CompletionObserver { Progressed = count => { if (count >= afterTokens) { cancel.Cancel(); } } };
            _scheduler.Submit(Request(prompt, 400, observer, cancel.Token));
            Assert.Equal(SequenceEndReason.Cancelled, (await observer.EndAsync()).Reason);
        }

        public async Task AssertAsColdAsync(Answer answer)
        {
            Answer cold = await AskAsync(_cold, answer.Prompt, answer.Tokens.Length, deterministic: false, usesPrefixCache: false);
            Assert.Equal(0, cold.CachedTokens);
            for (int i = 0; i < cold.Tokens.Length; i++)
            {
                if (cold.Tokens[i] != answer.Tokens[i])
                {
                    Assert.True(
                        cold.Leads[i] <= Tolerance, $"Token {i} is {answer.Tokens[i]} and not {cold.Tokens[i]}, which leads by {cold.Leads[i]:0.00}.");
                    return;
                }

                Assert.InRange(answer.Logprobs[i], cold.Logprobs[i] - Tolerance, cold.Logprobs[i] + Tolerance);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _scheduler.DisposeAsync();
            await _cold.DisposeAsync();
            _model.Dispose();
            _folder.Dispose();
        }

        private BatchScheduler Start(DecoderOptions options) => new(
            new LlamaDecoder(_model, options),
            _model,
            "warm",
            new BatchSchedulerOptions
            {
                Speculates = _speculates,
                Time = new FrozenTime(),
                Prefixes = PrefixStores.TryOpen(_prefixes, _model, options),
                SaveAtEnd = TimeSpan.FromSeconds(60),
            });

        private static async Task<Answer> AskAsync(BatchScheduler scheduler, int[] prompt, int tokens, bool deterministic, bool usesPrefixCache)
        {
            var observer = new CompletionObserver();
            scheduler.Submit(Request(prompt, tokens, observer, TestContext.Current.CancellationToken, deterministic, usesPrefixCache));
            SequenceEnd end = await observer.EndAsync();
            Assert.True(end.Reason == SequenceEndReason.Length, $"{end.Reason} {end.Error}");
            return new Answer(
                prompt,
                [.. observer.Sampled.Select(static sampled => sampled.Token)],
                [.. observer.Sampled.Select(static sampled => sampled.Logprob)],
                [.. observer.Sampled.Select(LeadOf)],
                observer.CachedTokens);
        }

        // Log probabilities are those without the bias, so the end of the text may be the most probable token.
        private static double LeadOf(SampledToken sampled)
        {
            CandidateLogprob[] possible = [.. sampled.Top.Where(static candidate => candidate.Token != EndToken)];
            return possible[0].Logprob - possible[1].Logprob;
        }

        private static SequenceRequest Request(
            int[] prompt,
            int tokens,
            CompletionObserver observer,
            CancellationToken cancellationToken,
            bool deterministic = false,
            bool usesPrefixCache = true) => new()
            {
                Prompt = prompt,
                MaxTokens = tokens,
                Sampling = SamplingParameters.Greedy with { Logprobs = true, TopLogprobs = 3, LogitBias = [(EndToken, -1_000f)] },
                UsesPrefixCache = usesPrefixCache,
                IsDeterministic = deterministic,
                Observer = observer,
                CancellationToken = cancellationToken,
            };
    }

    private sealed class CompletionObserver : ISequenceObserver
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

        private readonly TaskCompletionSource<SequenceEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action<int>? Progressed { get; init; }

        public List<SampledToken> Sampled { get; } = [];

        public int CachedTokens { get; private set; }

        public Task<SequenceEnd> EndAsync() => _end.Task.WaitAsync(Limit);

        public void OnProgress(in SequenceProgress progress)
        {
            Sampled.AddRange(progress.Logprobs);
            CachedTokens = progress.CachedTokens;
            Progressed?.Invoke(Sampled.Count);
            if (progress.End is { } end)
            {
                _end.TrySetResult(end);
            }
        }
    }
}
