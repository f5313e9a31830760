using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Output;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Tests.Scheduling;
using Orchard.Grammars;
using Orchard.Grammars.Compilation;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Inference;

/// <summary>What a grammar lets expect is decoded in fewer steps, and changes neither texts, tokens nor log probabilities.</summary>
public sealed class GrammarDraftTests(StarterModel starter) : IClassFixture<StarterModel>
{
    // Sums in another order are rounded differently.
    private const double Tolerance = 0.02;

    private const string Person =
        """
        {"type":"json_schema","json_schema":{"type":"object","properties":{"identifier":{"type":"integer","minimum":0,"maximum":99},
        "department":{"enum":["engineering","marketing","management"]},"isActive":{"type":"boolean"},
        "address":{"type":"object","properties":{"city":{"type":"string","maxLength":8},"country":{"const":"Switzerland"}},"required":["city","country"],"additionalProperties":false}},
        "required":["identifier","department","isActive","address"],"additionalProperties":false}}
        """;

    private const string Open = """{"type":"json_schema","json_schema":{"type":"object","additionalProperties":{"enum":["first","second"]},"minProperties":2,"maxProperties":3}}""";

    private const string Lines = """{"type":"grammar","grammar":"root ::= line{2,3}\nline ::= \"The answer is \" [a-c] \", is it not?\\n\""}""";

    private static readonly Dictionary<string, Grammar> Compiled = [];

    public static TheoryData<string, string> Cases { get; } = new MatrixTheoryData<string, string>(
        [Person, Open, Lines], ["greedy", "temperature", "top-p", "penalties", "dry", "mirostat", "xtc"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AnySampling_DraftedOrNot_IsTheSame(string format, string sampling)
    {
        SamplingParameters[] all = [.. Enumerable.Range(1, 3).Select(seed => Sampling(sampling, (uint)seed) with { Grammar = GrammarOf(format) })];

        (Answer[] plain, _) = await RunAsync(speculates: false, all);
        (Answer[] drafted, _) = await RunAsync(speculates: true, all);

        Assert.All(plain.Zip(drafted), static pair => pair.First.AssertEqual(pair.Second));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task LogProbabilities_DraftedOrNot_AreTheSame(string format, string sampling)
    {
        SamplingParameters one = Sampling(sampling, 7) with { Grammar = GrammarOf(format), Logprobs = true, TopLogprobs = 3 };

        (Answer[] plain, _) = await RunAsync(speculates: false, [one]);
        (Answer[] drafted, _) = await RunAsync(speculates: true, [one]);

        plain[0].AssertEqual(drafted[0]);
        Assert.Equal(plain[0].Sampled.Count, drafted[0].Sampled.Count);
        for (int i = 0; i < plain[0].Sampled.Count; i++)
        {
            Assert.Equal(plain[0].Sampled[i].Token, drafted[0].Sampled[i].Token);
            Assert.InRange(drafted[0].Sampled[i].Logprob, plain[0].Sampled[i].Logprob - Tolerance, plain[0].Sampled[i].Logprob + Tolerance);
            Assert.Equal(3, drafted[0].Sampled[i].Top.Length);
        }
    }

    /// <summary>Into which tokens a model divides a text that it must write is known once it has written it.</summary>
    [Theory]
    [InlineData(Person, 1)]
    [InlineData(Person, 4)]
    [InlineData(Lines, 1)]
    public async Task ForcedText_TakesFewerSteps(string format, int streams)
    {
        SamplingParameters[] all = [.. Enumerable.Repeat(SamplingParameters.Greedy with { Grammar = GrammarOf(format) }, 2 * streams)];

        (Answer[] plain, long plainSteps) = await RunAsync(speculates: false, all, streams);
        (Answer[] drafted, long draftedSteps) = await RunAsync(speculates: true, [.. all, .. all], streams);
        (_, long once) = await RunAsync(speculates: true, all, streams);

        Assert.All(plain.Zip(drafted), static pair => pair.First.AssertEqual(pair.Second));
        Assert.InRange(draftedSteps - once, 1, plainSteps * 9 / 10);
    }

    [Fact]
    public async Task ManyStreams_DraftedOrNot_AreTheSame()
    {
        SamplingParameters[] all = [.. Enumerable.Range(1, 8).Select(static seed => new SamplingParameters { Seed = (uint)seed, Grammar = GrammarOf(Person) })];

        (Answer[] plain, _) = await RunAsync(speculates: false, all, streams: 4);
        (Answer[] drafted, _) = await RunAsync(speculates: true, all, streams: 4);

        Assert.All(plain.Zip(drafted), static pair => pair.First.AssertEqual(pair.Second));
    }

    [Theory]
    [InlineData("\"department\"")]
    [InlineData("tive")]
    [InlineData("Switz")]
    [InlineData(":")]
    public async Task StopSequence_WithinForcedText_EndsThere(string stop)
    {
        SamplingParameters greedy = SamplingParameters.Greedy with { Grammar = GrammarOf(Person) };

        (Answer[] plain, _) = await RunAsync(speculates: false, [greedy], stop: stop);
        (Answer[] drafted, _) = await RunAsync(speculates: true, [greedy], stop: stop);

        plain[0].AssertEqual(drafted[0]);
        Assert.EndsWith(stop, drafted[0].Text, StringComparison.Ordinal);
        Assert.Equal(stop, drafted[0].End.StopString);
    }

    [Fact]
    public async Task AnyTokenLimit_IsKept()
    {
        SamplingParameters greedy = SamplingParameters.Greedy with { Grammar = GrammarOf(Person) };
        (Answer[] whole, _) = await RunAsync(speculates: false, [greedy]);
        for (int limit = 1; limit < whole[0].Tokens.Length; limit++)
        {
            (Answer[] drafted, _) = await RunAsync(speculates: true, [greedy], maxTokens: limit);

            Assert.Equal(whole[0].Tokens[..limit], drafted[0].Tokens);
            Assert.Equal(SequenceEndReason.Length, drafted[0].End.Reason);
        }
    }

    [Fact]
    public async Task CancelledWithinADraft_OthersAndTheNextTurnGoOn()
    {
        await using BatchScheduler scheduler = Scheduler(speculates: true);
        SamplingParameters greedy = SamplingParameters.Greedy with { Grammar = GrammarOf(Person) };
        var other = new Observer();
        scheduler.Submit(Request(greedy, other, 1));
        for (int after = 1; after < 8; after++)
        {
            using var cancel = new CancellationTokenSource();
            var observer = new Observer { Progressed = count => { if (count >= after) { cancel.Cancel(); } } };
            scheduler.Submit(Request(greedy, observer, 0, cancellation: cancel.Token));
            Assert.Contains((await observer.EndAsync()).Reason, new[] { SequenceEndReason.Cancelled, SequenceEndReason.Stop });
        }

        var last = new Observer();
        scheduler.Submit(Request(greedy, last, 0));
        await last.EndAsync();
        (Answer[] plain, _) = await RunAsync(speculates: false, [greedy, greedy], streams: 1);
        plain[0].AssertEqual(last.Answer);
        await other.EndAsync();
        plain[1].AssertEqual(other.Answer);
    }

    [Fact]
    public async Task Deterministic_IsNotDrafted()
    {
        SamplingParameters greedy = SamplingParameters.Greedy with { Grammar = GrammarOf(Person) };

        (Answer[] plain, long plainSteps) = await RunAsync(speculates: false, [greedy], deterministic: true);
        (Answer[] drafted, long draftedSteps) = await RunAsync(speculates: true, [greedy], deterministic: true);

        plain[0].AssertEqual(drafted[0]);
        Assert.Equal(plainSteps, draftedSteps);
    }

    private static Grammar GrammarOf(string format)
    {
        lock (Compiled)
        {
            return Compiled.TryGetValue(format, out Grammar? known)
                ? known
                : Compiled[format] = GrammarCompiler.Compile(ResponseFormats.Read(format, new CompilationBudget())!);
        }
    }

    private static SamplingParameters Sampling(string name, uint seed) => name switch
    {
        "greedy" => SamplingParameters.Greedy,
        "temperature" => new() { Seed = seed, Temperature = 1.3f },
        "top-p" => new() { Seed = seed, TopP = 0.9f, TopK = 20, MinP = 0.01f },
        "penalties" => SamplingParameters.Greedy with { PenaltyWindow = 64, RepetitionPenalty = 1.3f, FrequencyPenalty = 0.2f, PresencePenalty = 0.1f },
        "dry" => new() { Seed = seed, Dry = new DrySettings(0.8, 1.75, 2, 64, ["\n"]) },
        "mirostat" => new() { Seed = seed, Mirostat = new MirostatSettings(4, 0.1) },
        "xtc" => new() { Seed = seed, Xtc = new XtcSettings(0.5, 0.1) },
        _ => throw new ArgumentException(name),
    };

    private BatchScheduler Scheduler(bool speculates, int streams = 4) => new(
        starter.CreateDecoder(StarterModel.SmallDecoder with { SequenceCapacity = streams }),
        starter.Model,
        "starter",
        new BatchSchedulerOptions { Speculates = speculates, Time = new SteadyTime() });

    private SequenceRequest Request(
        SamplingParameters sampling,
        Observer observer,
        int number,
        string? stop = null,
        int maxTokens = 200,
        bool deterministic = false,
        CancellationToken cancellation = default) => new()
        {
            Prompt = starter.Model.Tokenize(Encoding.UTF8.GetBytes($"<|im_start|>user\nWho is number {number}?<|im_end|>\n<|im_start|>assistant\n")),
            MaxTokens = maxTokens,
            Sampling = sampling,
            StopStrings = stop is null ? [] : [stop],
            IsDeterministic = deterministic,
            Observer = observer,
            CancellationToken = cancellation,
        };

    // Both runs have the same sequences beside each other. The texts are equal as long as no two tokens are almost equally probable.
    private async Task<(Answer[] Answers, long Steps)> RunAsync(
        bool speculates, SamplingParameters[] all, int streams = 1, string? stop = null, int maxTokens = 200, bool deterministic = false)
    {
        await using BatchScheduler scheduler = Scheduler(speculates, streams);
        Observer[] observers = [.. all.Select(static _ => new Observer())];
        for (int i = 0; i < all.Length; i++)
        {
            scheduler.Submit(Request(all[i], observers[i], i, stop, maxTokens, deterministic));
        }

        foreach (Observer observer in observers)
        {
            SequenceEnd end = await observer.EndAsync();
            Assert.True(end.Error is null, $"{end.Error}");
        }

        return ([.. observers.Select(static observer => observer.Answer)], scheduler.Statistics.DecodeSteps);
    }

    private sealed record Answer(int[] Tokens, string Text, IReadOnlyList<SampledToken> Sampled, SequenceEnd End)
    {
        public void AssertEqual(Answer other)
        {
            Assert.Equal(Text, other.Text);
            Assert.Equal(Tokens, other.Tokens);
            Assert.Equal(End, other.End);
        }
    }

    private sealed class Observer : ISequenceObserver
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

        private readonly TaskCompletionSource<SequenceEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<byte> _text = [];
        private readonly List<int> _tokens = [];
        private readonly List<SampledToken> _sampled = [];

        public Action<int>? Progressed { get; init; }

        public Answer Answer => new([.. _tokens], Encoding.UTF8.GetString([.. _text]), _sampled, _end.Task.Result);

        public Task<SequenceEnd> EndAsync() => _end.Task.WaitAsync(Limit);

        public void OnProgress(in SequenceProgress progress)
        {
            _text.AddRange(progress.Text);
            _tokens.AddRange(progress.Tokens);
            _sampled.AddRange(progress.Logprobs);
            Progressed?.Invoke(_tokens.Count);
            if (progress.End is { } end)
            {
                _end.TrySetResult(end);
            }
        }
    }
}
