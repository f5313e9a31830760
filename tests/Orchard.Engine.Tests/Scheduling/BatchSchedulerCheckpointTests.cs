using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>The prefix cache of a model whose state cannot be rewound. The decoder refuses a state that belongs to other tokens.</summary>
public sealed class BatchSchedulerCheckpointTests
{
    private const int Mark = ScriptedTokenizer.FirstMark;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task SecondTurn_ContinuesTheFirst_ComputesTheNewTokensAlone()
    {
        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            int[] first = Text(50);
            int[] answer = await RunAsync(scheduler, first, 4);
            await RunAsync(scheduler, [.. first, .. answer, 7, 8], 1);
        }

        Assert.Equal(3, decoder.Batches[^1].Length);
        AssertClean(decoder);
    }

    [Fact]
    public async Task SecondTurn_AnswerRenderedInAnotherWay_GoesOnBeforeTheAnswer()
    {
        ScriptedDecoder decoder = Decoder();
        int[] question = [Mark, .. Text(100)];
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            await RunAsync(scheduler, [.. question, Mark, 5, 6], 20);
            await RunAsync(scheduler, [.. question, Mark, 5, .. Text(10, first: 77), Mark, 1], 1);
        }

        Assert.Equal(14, Computed(decoder, after: 101 + 3 + 19));
        AssertClean(decoder);
    }

    [Fact]
    public async Task OtherConversation_WithTheSameSystemPrompt_ComputesItsOwnMessageAlone()
    {
        ScriptedDecoder decoder = Decoder();
        int[] system = [Mark, .. Text(150)];
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            await RunAsync(scheduler, [.. system, Mark, .. Text(200, first: 20), Mark, 1], 5);
            int before = decoder.Batches.Sum(static batch => batch.Length);
            await RunAsync(scheduler, [.. system, Mark, .. Text(50, first: 90), Mark, 1], 1);

            Assert.Equal(53, Computed(decoder, before));
        }

        AssertClean(decoder);
    }

    [Fact]
    public async Task EditedHistory_GoesOnFromTheEndOfTheTurnBefore()
    {
        ScriptedDecoder decoder = Decoder();
        int[] first = [Mark, .. Text(60), Mark, 3];
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            int[] answer = await RunAsync(scheduler, first, 10);
            int[] turn = [.. first, .. answer];
            await RunAsync(scheduler, [.. turn, Mark, .. Text(70, first: 40), Mark, 3], 10);
            int before = decoder.Batches.Sum(static batch => batch.Length);
            await RunAsync(scheduler, [.. turn, Mark, .. Text(30, first: 80), Mark, 3], 1);

            Assert.Equal(1 + 1 + 30 + 2, Computed(decoder, before)); // the last token of the first answer was never computed
        }

        AssertClean(decoder);
    }

    [Fact]
    public async Task SamePromptAgain_ComputesWhatAsksForTheAnswer()
    {
        ScriptedDecoder decoder = Decoder();
        int[] prompt = [Mark, .. Text(100), Mark, 5, 6];
        int[] first;
        int[] second;
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            first = await RunAsync(scheduler, prompt, 8);
            int before = decoder.Batches.Sum(static batch => batch.Length);
            second = await RunAsync(scheduler, prompt, 8);

            Assert.Equal(3 + 7, Computed(decoder, before));
        }

        Assert.Equal(first, second);
        AssertClean(decoder);
    }

    [Fact]
    public async Task SamePromptAtOnce_IsComputedOnce()
    {
        ScriptedDecoder decoder = Decoder(gated: true, batch: 64);
        int[] prompt = [Mark, .. Text(380)];

        int[][] answers = await RunTogetherAsync(decoder, [prompt, prompt, prompt, prompt], maxTokens: 3);

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Equal(380 + 4 + (4 * 2), decoder.Batches.Sum(static batch => batch.Length));
        AssertClean(decoder);
    }

    [Fact]
    public async Task SameLongBeginningAtOnce_IsComputedOnce()
    {
        ScriptedDecoder decoder = Decoder(gated: true, batch: 64);

        await RunTogetherAsync(decoder, [.. Enumerable.Range(0, 4).Select(static i => (int[])[.. Text(380), 160 + i, 9])], maxTokens: 1);

        Assert.Equal(380 + (4 * 2), decoder.Batches.Sum(static batch => batch.Length));
        AssertClean(decoder);
    }

    [Fact]
    public async Task SameLongBeginningAtOnce_NoSnapshots_AllEndNevertheless()
    {
        ScriptedDecoder decoder = Decoder(gated: true, slots: 2);
        decoder.HasSnapshots = false;
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            Task<int[]>[] all = [.. Enumerable.Range(0, 4).Select(i => RunAsync(scheduler, [.. Text(180), 160 + i], 1))];
            decoder.OpenGate();
            await Task.WhenAll(all);
        }

        Assert.InRange(decoder.Batches.Sum(static batch => batch.Length), 184, 4 * 181);
        AssertClean(decoder);
    }

    [Fact]
    public async Task Cancelled_WhileThePromptIsComputed_ThenTheSamePrompt_GoesOnFromACheckpoint()
    {
        ScriptedDecoder decoder = Decoder(gated: true);
        using var cancel = new CancellationTokenSource();
        int[] prompt = [Mark, .. Text(140), Mark, .. Text(190), Mark, 5];
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            Task<SequenceEnd> cancelled = Submit(scheduler, prompt, 3, cancel.Token).EndAsync();
            Assert.Equal(141, (await decoder.EnteredAsync()).Length);
            await cancel.CancelAsync();
            decoder.OpenGate();
            Assert.Equal(SequenceEndReason.Cancelled, (await cancelled).Reason);

            await RunAsync(scheduler, prompt, 1);
        }

        Assert.Equal(prompt.Length, decoder.Batches.Sum(static batch => batch.Length));
        AssertClean(decoder);
    }

    [Fact]
    public async Task RestoreFails_ComputesAll()
    {
        ScriptedDecoder decoder = Decoder();
        int[] system = [Mark, .. Text(150)];
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            await RunAsync(scheduler, [.. system, Mark, .. Text(200, first: 20), Mark, 1], 5);
            int before = decoder.Batches.Sum(static batch => batch.Length);
            decoder.HasSnapshots = false;
            int[] other = [.. system, Mark, .. Text(50, first: 90), Mark, 1];
            await RunAsync(scheduler, other, 1);

            Assert.Equal(other.Length, Computed(decoder, before));
        }

        AssertClean(decoder);
    }

    [Fact]
    public async Task CompleteSnapshots_OutliveTheSlot()
    {
        ScriptedDecoder decoder = Decoder(slots: 1, complete: true);
        int[] first = [Mark, .. Text(100), Mark, 3];
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            int[] answer = await RunAsync(scheduler, first, 10);
            await RunAsync(scheduler, [Mark, .. Text(120, first: 50), Mark, 3], 10);
            int before = decoder.Batches.Sum(static batch => batch.Length);
            await RunAsync(scheduler, [.. first, .. answer, 7, 8], 1);

            Assert.Equal(3, Computed(decoder, before));
        }

        AssertClean(decoder);
    }

    [Fact]
    public async Task IncompleteSnapshots_WithoutTheSlot_AreNotUsed()
    {
        ScriptedDecoder decoder = Decoder(slots: 1);
        int[] first = [Mark, .. Text(100), Mark, 3];
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            await RunAsync(scheduler, first, 10);
            await RunAsync(scheduler, [Mark, .. Text(120, first: 50), Mark, 3], 10);
            int before = decoder.Batches.Sum(static batch => batch.Length);
            await RunAsync(scheduler, first, 1);

            Assert.Equal(first.Length, Computed(decoder, before));
        }

        AssertClean(decoder);
    }

    [Fact]
    public async Task Capacity_LimitsWhatIsKept()
    {
        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler scheduler = Scheduler(decoder, capacity: 5_000))
        {
            for (int i = 0; i < 6; i++)
            {
                await RunAsync(scheduler, [Mark, .. Text(150, first: 5 * i), Mark, 3], 3);
            }

            Assert.Equal(6, decoder.Snapshots.Count);
            Assert.Equal(3, decoder.OpenSnapshots);
            Assert.InRange(scheduler.Statistics.CheckpointBytes, 3_000, 5_000);
        }

        AssertClean(decoder);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task OptedOut_LeavesNothing(bool deterministic, bool reuse)
    {
        ScriptedDecoder decoder = Decoder();
        int[] prompt = [Mark, .. Text(100), Mark, 5, 6];
        await using (BatchScheduler scheduler = Scheduler(decoder))
        {
            for (int i = 0; i < 2; i++)
            {
                var observer = new RecordingObserver();
                scheduler.Submit(new SequenceRequest
                {
                    Prompt = prompt,
                    MaxTokens = 1,
                    UsesPrefixCache = reuse,
                    IsDeterministic = deterministic,
                    Observer = observer,
                });
                await observer.EndAsync();
            }
        }

        Assert.Equal(2 * prompt.Length, decoder.Batches.Sum(static batch => batch.Length));
        Assert.Empty(decoder.Snapshots);
        AssertClean(decoder);
    }

    [Fact]
    public async Task RandomConversations_NeverGoOnFromAWrongState()
    {
        const int Chats = 40;
        ScriptedDecoder decoder = Decoder(slots: 3);
        var random = new Random(1);
        await using (BatchScheduler scheduler = Scheduler(decoder, capacity: 9_000))
        {
            var histories = new List<int[]> { new int[] { Mark, 1, 2, 3 } };
            for (int i = 0; i < Chats; i++)
            {
                int[] history = histories[random.Next(histories.Count)];
                int[] kept = random.Next(3) == 0 ? history[..random.Next(1, history.Length)] : history;
                int[] prompt = [.. kept, Mark, .. Text(random.Next(1, 30), first: random.Next(200)), Mark, 4];
                int[] answer = await RunAsync(scheduler, prompt, random.Next(1, 10));
                Assert.Equal(Enumerable.Range(5, answer.Length), answer);
                histories.Add(prompt.Length < 150 ? [.. prompt, .. answer] : histories[0]);
            }
        }

        AssertClean(decoder);
    }

    private static void AssertClean(ScriptedDecoder decoder)
    {
        Assert.Empty(decoder.Violations);
        Assert.Equal(0, decoder.OpenSnapshots);
        Assert.True(decoder.IsDisposed);
    }

    private static int Computed(ScriptedDecoder decoder, int after) => decoder.Batches.Sum(static batch => batch.Length) - after;

    private static BatchScheduler Scheduler(ScriptedDecoder decoder, long capacity = 1_000_000) =>
        new(decoder, new ScriptedTokenizer(), "model", new BatchSchedulerOptions { CheckpointBytes = capacity });

    // The others arrive while the first part of the first prompt is computed.
    private static async Task<int[][]> RunTogetherAsync(ScriptedDecoder decoder, int[][] prompts, int maxTokens)
    {
        await using BatchScheduler scheduler = Scheduler(decoder);
        Task<int[]> first = RunAsync(scheduler, prompts[0], maxTokens);
        await decoder.EnteredAsync();
        Task<int[]>[] others = [.. prompts[1..].Select(prompt => RunAsync(scheduler, prompt, maxTokens))];
        decoder.OpenGate();
        return await Task.WhenAll([first, .. others]);
    }

    private static async Task<int[]> RunAsync(BatchScheduler scheduler, int[] prompt, int maxTokens)
    {
        RecordingObserver observer = Submit(scheduler, prompt, maxTokens);
        Assert.Equal(SequenceEndReason.Length, (await observer.EndAsync().WaitAsync(Limit)).Reason);
        return observer.Tokens;
    }

    private static RecordingObserver Submit(BatchScheduler scheduler, int[] prompt, int maxTokens, CancellationToken cancellationToken = default)
    {
        var observer = new RecordingObserver();
        scheduler.Submit(new SequenceRequest { Prompt = prompt, MaxTokens = maxTokens, Observer = observer, CancellationToken = cancellationToken });
        return observer;
    }

    private static ScriptedDecoder Decoder(bool gated = false, int slots = 4, bool complete = false, int batch = 256) => new()
    {
        NextToken = static held => (held[^1] + 1) % 200,
        IsGated = gated,
        CanTrim = false,
        SnapshotsAreComplete = complete,
        SequenceCapacity = slots,
        ContextLength = 512,
        BatchCapacity = batch,
    };

    private static int[] Text(int count, int first = 1) => [.. Enumerable.Range(first, count).Select(static token => token % 200)];
}
