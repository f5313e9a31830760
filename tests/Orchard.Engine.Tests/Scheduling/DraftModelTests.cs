using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Scheduling.Speculation;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>A draft model saves steps, never changes the output, and stops where it does not pay.</summary>
public sealed class DraftModelTests
{
    private const double Round = 10; // ms
    private const double Step = 1; // of the draft model

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // Repeats nothing that could be looked up.
    private static readonly Func<IReadOnlyList<int>, int> Text = static held => 'a' + (int)(Hash(held) % 60);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Fact]
    public async Task PerfectDraft_IsTheSameTextInFewSteps()
    {
        await using var plain = new Setup(Text);
        await using var drafted = new Setup(Text, Text);

        Outcome expected = await plain.AskAsync([1, 2, 3], 120);
        Outcome outcome = await drafted.AskAsync([1, 2, 3], 120);

        Assert.Equal(expected.Tokens, outcome.Tokens);
        Assert.Equal(expected.End, outcome.End);
        Assert.Equal(120, plain.Target.Batches.Count);
        Assert.InRange(drafted.Target.Batches.Count, 10, 40); // every rejected token would leave the draft model with another text
    }

    [Fact]
    public async Task ManySequences_AreDraftedForTogether()
    {
        await using var setup = new Setup(Text, Agreeing(0.8), gated: true);
        Task<Outcome>[] all = [.. Enumerable.Range(0, 4).Select(i => setup.AskAsync([i, 7], 80))];
        setup.Target.OpenGate();
        Outcome[] outcomes = await Task.WhenAll(all);

        for (int i = 0; i < outcomes.Length; i++)
        {
            await using var plain = new Setup(Text);
            Assert.Equal((await plain.AskAsync([i, 7], 80)).Tokens, outcomes[i].Tokens);
        }

        Assert.Contains(setup.Draft!.Batches, static batch => batch.Select(static token => token.Slot).Distinct().Count() > 1);
        Assert.Contains(
            setup.Target.Batches, static batch => batch.GroupBy(static token => token.Slot).Count(static group => group.Count() > 1) > 1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task AnyText_IsTheSameWithAndWithoutDrafts(int seed)
    {
        var random = new Random(seed);
        double agreement = random.NextDouble();
        int ending = random.Next(3) == 0 ? random.Next(20, 150) : int.MaxValue;
        string[] stops = random.Next(2) == 0 ? ["ab", "cd"] : [];
        int[] prompt = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(100))];
        int tokens = random.Next(1, 150);
        await using var plain = new Setup(Ending);
        await using var drafted = new Setup(Ending, held => held.Count >= ending ? ScriptedTokenizer.EndOfGeneration : Agreeing(agreement)(held));

        Outcome expected = await plain.AskAsync(prompt, tokens, stops);
        Outcome outcome = await drafted.AskAsync(prompt, tokens, stops);

        Assert.Equal(expected.Tokens, outcome.Tokens);
        Assert.Equal(expected.Text, outcome.Text);
        Assert.Equal(expected.End, outcome.End);

        int Ending(IReadOnlyList<int> held) => held.Count >= ending ? ScriptedTokenizer.EndOfGeneration : Text(held);
    }

    [Fact]
    public async Task NextTurn_ReadsOnlyWhatIsNew()
    {
        await using var setup = new Setup(Text, Text);
        Outcome first = await setup.AskAsync([1, 2, 3], 100);
        int before = setup.Draft!.Batches.Sum(static batch => batch.Length);

        await setup.AskAsync([1, 2, 3, .. first.Tokens, 9], 20);

        Assert.InRange(setup.Draft.Batches.Sum(static batch => batch.Length) - before, 1, 50);
    }

    [Fact]
    public async Task SharedPrefix_IsCopiedFromAnotherSlot()
    {
        await using var setup = new Setup(Text, Text, gated: true, context: 1_024);
        int[] shared = [.. Enumerable.Range(0, 500).Select(static i => i % 90)];
        Task<Outcome> first = setup.AskAsync([.. shared, 91], 200);
        Task<Outcome> second = setup.AskAsync([.. shared, 92], 200);
        setup.Target.OpenGate();
        await Task.WhenAll(first, second);

        int read = setup.Draft!.Batches.SelectMany(static batch => batch).Count(static token => token.Position < 500);
        Assert.InRange(read, 499, 900);
    }

    [Fact]
    public async Task DraftModelFails_TheTextGoesOn()
    {
        await using var plain = new Setup(Text);
        await using var setup = new Setup(Text, Text);
        int decodes = 0;
        setup.Draft!.Decoding = _ =>
        {
            if (++decodes == 5)
            {
                throw new DecodeException("out of memory");
            }
        };

        Outcome outcome = await setup.AskAsync([1, 2, 3], 100);

        Assert.Equal((await plain.AskAsync([1, 2, 3], 100)).Tokens, outcome.Tokens);
        Assert.Equal(5, decodes);
    }

    [Fact]
    public async Task Dispose_DisposesBoth()
    {
        var setup = new Setup(Text, Text);
        await setup.AskAsync([1], 10);
        await setup.DisposeAsync();

        Assert.True(setup.Target.IsDisposed);
        Assert.True(setup.Draft!.IsDisposed);
    }

    [Theory]
    [InlineData(0.9, 0.3, 0.05, 0.6)]
    [InlineData(0.7, 0.2, 0.05, 0.7)]
    [InlineData(1, 1, 0.1, 0.5)]
    public async Task DraftsThatPay_SaveTime(double agreement, double perDraft, double perToken, double atMost)
    {
        double plain = await TimeAsync(draft: null, perDraft, perToken, streams: 1, tokens: 600);
        double drafted = await TimeAsync(Agreeing(agreement), perDraft, perToken, streams: 1, tokens: 600);

        Assert.InRange(drafted / plain, 0, atMost);
    }

    /// <summary>
    /// Where verifying a wrong token costs as much as is saved, drafts pay only because the draft model is less sure where it is wrong.
    /// </summary>
    [Theory]
    [InlineData(0.9, 0.1)]
    [InlineData(0.8, 0.15)]
    public async Task DraftModelThatKnowsWhereItIsWrong_SavesTime(double perDraft, double perToken)
    {
        double plain = await TimeAsync(draft: null, perDraft, perToken, streams: 1, tokens: 600);
        double blind = await TimeAsync(Agreeing(0.7), perDraft, perToken, streams: 1, tokens: 600);
        double knowing = await TimeAsync(Agreeing(0.7), perDraft, perToken, streams: 1, tokens: 600, Sure(0.7));

        Assert.InRange(knowing / plain, 0, 0.85);
        Assert.InRange(knowing / blind, 0, 0.9);
    }

    /// <summary>Other load slows down some rounds, with drafts or without.</summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.2)]
    public async Task DraftsThatPay_SaveTimeOnABusyMachine(double disturbed)
    {
        double plain = await TimeAsync(draft: null, 0.9, 0.06, streams: 1, tokens: 1_500, disturbed: disturbed);
        double drafted = await TimeAsync(Agreeing(0.7), 0.9, 0.06, streams: 1, tokens: 1_500, Sure(0.7), disturbed);

        Assert.InRange(drafted / plain, 0, 0.8);
    }

    /// <summary>The first rounds take longer than later ones, and drafts lose time compared with the latter.</summary>
    [Fact]
    public async Task DraftsPayOnlyAtFirst_LoseHardlyAnything()
    {
        double plain = await TimeAsync(draft: null, 0.05, 0.02, streams: 1, tokens: 1_500, slowRounds: 3);
        double drafted = await TimeAsync(Text, 0.05, 0.02, streams: 1, tokens: 1_500, slowRounds: 3, step: Round);

        Assert.InRange(drafted / plain, 0, 1.03);
    }

    /// <summary>The library computes sequences with equal numbers of tokens together, and others one after the other.</summary>
    [Fact]
    public async Task DraftsOfSeveralSequences_AreEquallyLong()
    {
        await using var setup = new Setup(Text, Agreeing(0.7), gated: true, sureness: Sure(0.7));
        Task<Outcome>[] all = [.. Enumerable.Range(0, 4).Select(i => setup.AskAsync([i, 7], 80))];
        setup.Target.OpenGate();
        await Task.WhenAll(all);

        int[][] lengths =
        [
            .. setup.Target.Batches
                .Select(static batch => batch.GroupBy(static token => token.Slot).Select(static group => group.Count()).ToArray())
                .Where(static counts => counts.Length == 4 && counts.Max() > 1),
        ];
        Assert.NotEmpty(lengths);
        Assert.InRange(lengths.Count(static counts => counts.Distinct().Count() > 1), 0, lengths.Length / 4); // ends of texts
    }

    /// <summary>Agreement of the models, costs of verifying a draft and each of its tokens in rounds, and the number of sequences.</summary>
    [Theory]
    [InlineData(0, 0.3, 0.1, 1)]
    [InlineData(0, 2, 0.5, 1)]
    [InlineData(0.3, 0.5, 0.3, 1)]
    [InlineData(0.5, 2, 0.2, 1)]
    [InlineData(0.7, 2, 0.2, 1)]
    [InlineData(0.7, 2, 1, 1)]
    [InlineData(0, 0.3, 0.1, 4)]
    [InlineData(0.5, 0.3, 0.3, 4)]
    [InlineData(0.7, 1, 1, 4)]
    public async Task DraftsThatDoNotPay_LoseHardlyAnything(double agreement, double perDraft, double perToken, int streams)
    {
        double plain = await TimeAsync(draft: null, perDraft, perToken, streams, tokens: 1_500);
        double drafted = await TimeAsync(Agreeing(agreement), perDraft, perToken, streams, tokens: 1_500);

        Assert.InRange(drafted / plain, 0, 1.03);
    }

    private static Func<IReadOnlyList<int>, int> Agreeing(double share) =>
        held => (Text(held) + (Hash(held) / 1_000 % 1_000 < share * 1_000 ? 0 : 1)) % 200;

    // A little surer where it agrees.
    private static Func<IReadOnlyList<int>, float> Sure(double share) =>
        held => Hash(held) / 1_000 % 1_000 < share * 1_000 ? 4 : 2;

    private static uint Hash(IReadOnlyList<int> held)
    {
        uint hash = (uint)held.Count;
        for (int i = Math.Max(0, held.Count - 4); i < held.Count; i++)
        {
            hash = (hash ^ (uint)held[i]) * 2_654_435_761;
            hash ^= hash >> 15;
        }

        return hash;
    }

    private static async Task<double> TimeAsync(
        Func<IReadOnlyList<int>, int>? draft,
        double perDraft,
        double perToken,
        int streams,
        int tokens,
        Func<IReadOnlyList<int>, float>? sureness = null,
        double disturbed = 0,
        int slowRounds = 0,
        double step = Step)
    {
        var time = new FakeTimeProvider();
        var load = new Random(1);
        double total = 0;
        await using (var setup = new Setup(Text, draft, gated: true, time, context: 2_048, sureness))
        {
            setup.Target.Decoding = batch =>
            {
                bool isPrompt = batch.Any(static token => token.Position < 1);
                int running = batch.Select(static token => token.Slot).Distinct().Count();
                int drafted = isPrompt ? 0 : batch.Length - running;
                int drafts = batch.GroupBy(static token => token.Slot).Count(static group => group.Count() > 1);
                bool isSlow = load.NextDouble() < disturbed || slowRounds-- > 0;
                Pass(Round * (isSlow ? 5 : 1) * (1 + (drafted > 0 ? ((perDraft * drafts) + (perToken * drafted)) / running : 0)));
            };
            if (setup.Draft is { } decoder)
            {
                decoder.Decoding = batch => Pass(step + (0.05 * batch.Length));
            }

            Task<Outcome>[] all = [.. Enumerable.Range(0, streams).Select(i => setup.AskAsync([i], tokens))];
            setup.Target.OpenGate();
            await Task.WhenAll(all);
        }

        return total;

        void Pass(double milliseconds)
        {
            total += milliseconds;
            time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }
    }

    private sealed class Setup : IAsyncDisposable
    {
        private readonly BatchScheduler _scheduler;

        public Setup(
            Func<IReadOnlyList<int>, int> target,
            Func<IReadOnlyList<int>, int>? draft = null,
            bool gated = false,
            TimeProvider? time = null,
            int context = 256,
            Func<IReadOnlyList<int>, float>? sureness = null)
        {
            Target = new ScriptedDecoder { NextToken = target, IsGated = gated, ContextLength = context };
            Draft = draft is null ? null : new ScriptedDecoder
            {
                NextToken = draft,
                ContextLength = context,
                Logit = sureness ?? (static _ => 1),
            };
            _scheduler = new BatchScheduler(Target, new ScriptedTokenizer(), "model", new BatchSchedulerOptions
            {
                Speculates = true,
                DraftModel = Draft is null ? null : new DraftModelOptions(Draft, new ScriptedTokenizer(), Step / Round),
                Time = time ?? new FrozenTime(),
            });
        }

        public ScriptedDecoder Target { get; }

        public ScriptedDecoder? Draft { get; }

        public async Task<Outcome> AskAsync(int[] prompt, int tokens, string[]? stops = null)
        {
            var observer = new RecordingObserver();
            _scheduler.Submit(new SequenceRequest { Prompt = prompt, MaxTokens = tokens, StopStrings = stops ?? [], Observer = observer });
            SequenceEnd end = await observer.EndAsync().WaitAsync(Limit);
            return new Outcome(observer.Tokens, observer.Text, end);
        }

        public async ValueTask DisposeAsync()
        {
            await _scheduler.DisposeAsync();
            Assert.Empty(Target.Violations);
            Assert.Empty(Draft?.Violations ?? []);
        }
    }

    private sealed record Outcome(int[] Tokens, string Text, SequenceEnd End);
}
