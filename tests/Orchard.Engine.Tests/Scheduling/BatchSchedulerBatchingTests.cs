using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>Composition of batches.</summary>
public sealed class BatchSchedulerBatchingTests
{
    [Fact]
    public async Task Submit_WhileOthersDecode_JoinsTheNextStep()
    {
        await using var harness = new SchedulerHarness(gated: true);
        harness.Submit(SchedulerHarness.Endless);
        await harness.Decoder.EnteredAsync();

        harness.Submit(SchedulerHarness.Endless, prompt: 3);
        harness.Decoder.Release();
        BatchToken[] batch = await harness.Decoder.EnteredAsync();

        Assert.Equal([0, 1, 1, 1], batch.Select(static token => token.Slot));
        Assert.Equal([true, false, false, true], batch.Select(static token => token.NeedsLogits));
    }

    [Fact]
    public async Task Sequence_Ended_IsNotInTheNextBatch()
    {
        await using var harness = new SchedulerHarness(gated: true);
        RecordingObserver brief = harness.Submit("a", maxTokens: 1, reuse: false);
        await harness.Decoder.EnteredAsync();
        harness.Submit(SchedulerHarness.Endless);
        harness.Decoder.Release();

        BatchToken[] batch = await harness.Decoder.EnteredAsync();

        Assert.True(brief.HasEnded);
        Assert.Equal([0], harness.Decoder.Cleared);
        Assert.Equal([ScriptedTokenizer.FirstMark + 1], batch.Select(static token => token.Token));
    }

    [Fact]
    public async Task LongPrompt_BesideDecoding_GoesInChunksAndDecodingNeverPauses()
    {
        await using var harness = new SchedulerHarness(gated: true, prefill: 16);
        RecordingObserver decoding = harness.Submit(SchedulerHarness.Endless);
        await harness.StepAsync();
        await harness.Decoder.EnteredAsync();
        harness.Submit(SchedulerHarness.Endless, prompt: 50);
        harness.Decoder.Release();

        var chunks = new List<int>();
        for (int step = 0; step < 5; step++)
        {
            BatchToken[] batch = await harness.StepAsync();
            Assert.Single(batch, static token => token.Slot == 0);
            chunks.Add(batch.Count(static token => token.Slot == 1));
            Assert.Equal(step >= 3, batch.Any(static token => token.Slot == 1 && token.NeedsLogits));
        }

        await harness.Decoder.EnteredAsync();
        Assert.Equal([16, 16, 16, 2, 1], chunks);
        Assert.Equal(7, decoding.Tokens.Length);
    }

    [Fact]
    public async Task Burst_PromptsThatCameBeforeTheFirstToken_ArePrefilledAtOnce()
    {
        await using var harness = new SchedulerHarness(gated: true, batch: 64, prefill: 16);
        harness.Submit(SchedulerHarness.Endless);
        await harness.Decoder.EnteredAsync();
        harness.Submit(SchedulerHarness.Endless, prompt: 50);
        harness.Submit(SchedulerHarness.Endless, prompt: 50);
        harness.Decoder.Release();

        BatchToken[] first = await harness.StepAsync();
        BatchToken[] second = await harness.StepAsync();

        Assert.Equal(64, first.Length);
        Assert.Equal(1 + 1 + 37, second.Length);
    }

    [Fact]
    public async Task Batch_SlotsReusedInAnyOrder_IsOneRunOfAscendingSlots()
    {
        await using var harness = new SchedulerHarness(gated: true, slots: 4);
        harness.Submit("a");
        harness.Submit("ab");
        harness.Submit(SchedulerHarness.Endless);
        await harness.StepAsync(); // each has its first token, or its prompt is still to come
        for (int step = 0; step < 6; step++)
        {
            await harness.StepAsync(); // the first two are done by now
        }

        await harness.Decoder.EnteredAsync();
        harness.Submit(SchedulerHarness.Endless);
        harness.Submit(SchedulerHarness.Endless);
        harness.Decoder.Release();
        await harness.StepAsync();
        BatchToken[] batch = await harness.StepAsync();

        Assert.Equal([1, 2, 3], batch.Select(static token => token.Slot));
    }

    [Fact]
    public async Task LongPrompt_Alone_FillsTheBatch()
    {
        await using var harness = new SchedulerHarness(batch: 64, prefill: 16);

        await harness.Submit("a", prompt: 100).EndAsync();

        Assert.Equal([64, 36, 1], harness.Decoder.Batches.Select(static batch => batch.Length));
    }

    [Fact]
    public async Task KvTokensInUse_AreThoseOfRunningSequences_NotThoseKeptForReuse()
    {
        await using var harness = new SchedulerHarness(gated: true);
        RecordingObserver first = harness.Submit("a", prompt: 10);
        await harness.StepAsync();
        await harness.StepAsync();
        await first.EndAsync();

        RecordingObserver second = harness.Submit("b", prompt: 20);
        await harness.StepAsync();
        await harness.Decoder.EnteredAsync();
        SchedulerStatistics running = harness.Scheduler.Statistics;
        harness.Decoder.OpenGate();
        await second.EndAsync();
        await harness.StopAsync();
        SchedulerStatistics idle = harness.Scheduler.Statistics;

        Assert.Equal((31, 20), (running.KvTokens, running.KvTokensInUse));
        Assert.Equal((32, 0), (idle.KvTokens, idle.KvTokensInUse));
    }

    [Fact]
    public async Task Submit_AllSlotsTaken_WaitsInOrderOfArrival()
    {
        await using var harness = new SchedulerHarness(gated: true, slots: 1);
        var order = new List<string>();
        RecordingObserver[] observers =
            [.. "abc".Select(name => harness.Submit($"{name}", observer: new RecordingObserver
            {
                Observed = entry => order.Add(name + (entry.End is null ? "" : ".")),
            }))];
        await harness.Decoder.EnteredAsync();

        // Whether the others are still in the inbox or already in the queue makes no difference.
        Assert.Equal(1, harness.Scheduler.Statistics.Running);
        Assert.Equal(2, harness.Scheduler.Statistics.Waiting);

        harness.Decoder.OpenGate();
        foreach (RecordingObserver observer in observers)
        {
            await observer.EndAsync();
        }

        Assert.Equal(["a", "a.", "b", "b.", "c", "c."], order);
        Assert.Equal(0, harness.Scheduler.Statistics.Waiting);
    }

    [Fact]
    public async Task Sequences_MoreThanTheBatchHolds_AllComeToTheirEnd()
    {
        await using var harness = new SchedulerHarness(slots: 7, batch: 3);
        RecordingObserver[] observers = [.. Enumerable.Range(0, 20).Select(i => harness.Submit(new string((char)('a' + i), 30), prompt: 1 + i))];

        for (int i = 0; i < observers.Length; i++)
        {
            Assert.Equal(SequenceEndReason.Stop, (await observers[i].EndAsync()).Reason);
            Assert.Equal(new string((char)('a' + i), 30), observers[i].Text);
        }
    }

    [Fact]
    public async Task Statistics_SixtyFourSequences_TakeFarFewerStepsThanTokens()
    {
        await using var harness = new SchedulerHarness(gated: true, slots: 64, batch: 512, prefill: 256);
        RecordingObserver[] observers = [.. Enumerable.Range(0, 64).Select(_ => harness.Submit(new string('a', 50), prompt: 10))];
        await harness.Decoder.EnteredAsync();
        harness.Decoder.OpenGate();
        foreach (RecordingObserver observer in observers)
        {
            await observer.EndAsync();
        }

        SchedulerStatistics statistics = harness.Scheduler.Statistics;
        Assert.Equal(64 * 50, statistics.GeneratedTokens);
        Assert.Equal(64 * 10, statistics.PromptTokens);
        Assert.InRange(statistics.DecodeSteps, 51, 60);
        Assert.Equal(0, statistics.Running);
        Assert.Equal(0, statistics.Waiting);
    }

    [Fact]
    public async Task StepCompleted_IsCalledOnTheSchedulersThreadAfterTheObservers()
    {
        var calls = new List<string>();
        var stepped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnStepCompleted()
        {
            calls.Add("step on " + Thread.CurrentThread.Name);
            if (calls.Count(static call => call[0] == 'o') == 4)
            {
                stepped.TrySetResult();
            }
        }

        await using var harness = new SchedulerHarness(gated: true, onStepCompleted: OnStepCompleted);
        var observed = new Action<RecordingObserver.Entry>(_ => calls.Add("observer"));
        harness.Submit("a", maxTokens: 2, observer: new RecordingObserver { Observed = observed });
        await harness.Decoder.EnteredAsync();
        harness.Submit("b", maxTokens: 2, observer: new RecordingObserver { Observed = observed });
        harness.Decoder.OpenGate();
        await stepped.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(
            ["observer", "step on scripted model", "observer", "observer", "step on scripted model", "observer", "step on scripted model"],
            calls);
    }

    [Fact]
    public async Task Steps_SteadyState_AllocateNothing()
    {
        var observer = new AllocationObserver();
        await using (var scheduler = new BatchScheduler(new BareDecoder(), new ScriptedTokenizer(), "bare"))
        {
            scheduler.Submit(new SequenceRequest { Prompt = [1], MaxTokens = 300, StopStrings = ["stop"], Observer = observer });
            await observer.Ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        // The first steps grow the buffers; text comes out every third step.
        Assert.Equal(observer.AllocatedBytes[30], observer.AllocatedBytes[90]);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    /// <summary>Sequences of all lengths start, end and are cancelled. Each text follows its script, regardless of the other sequences.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Sequences_RandomMix_KeepTheirOwnText(int seed)
    {
        var random = new Random(seed);
        await using var harness = new SchedulerHarness(
            slots: random.Next(1, 6), batch: random.Next(1, 20), prefill: random.Next(1, 20), context: 64);
        var running = new List<(RecordingObserver Observer, string Answer, CancellationTokenSource Cancel)>();
        for (int i = 0; i < 40; i++)
        {
            string answer = new(random.GetItems<char>("abcdefgh", random.Next(0, 30)));
            var cancel = new CancellationTokenSource();
            running.Add((harness.Submit(answer, prompt: random.Next(1, 33), cancel: cancel), answer, cancel));
            if (random.Next(4) == 0)
            {
                await running[random.Next(running.Count)].Cancel.CancelAsync();
            }
        }

        foreach ((RecordingObserver observer, string answer, CancellationTokenSource cancel) in running)
        {
            SequenceEnd end = await observer.EndAsync();
            Assert.True(end.Reason == SequenceEndReason.Stop || cancel.IsCancellationRequested, $"{end}");
            Assert.StartsWith(observer.Text, answer, StringComparison.Ordinal);
            Assert.True(end.Reason == SequenceEndReason.Cancelled || observer.Text == answer);
            Assert.Equal(observer.Tokens.Length, observer.Entries[^1].GeneratedTokens);
            cancel.Dispose();
        }
    }

    private sealed class AllocationObserver : ISequenceObserver
    {
        public List<long> AllocatedBytes { get; } = new(400);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnProgress(in SequenceProgress progress)
        {
            AllocatedBytes.Add(GC.GetAllocatedBytesForCurrentThread());
            if (progress.End is not null)
            {
                Ended.SetResult();
            }
        }
    }

    private sealed class BareDecoder : IDecoder
    {
        private readonly float[] _logits = new float[256];

        public int SequenceCapacity => 1;

        public int ContextLength => 512;

        public int BatchCapacity => 16;

        public int OutputCapacity => SequenceCapacity;

        public bool CanRewind => true;

        public int VocabularySize => _logits.Length;

        public void Decode(ReadOnlySpan<BatchToken> batch)
        {
        }

        public Span<float> GetLogits(int batchIndex) => _logits;

        public void ClearSequence(int slot)
        {
        }

        public bool TrimSequence(int slot, CachedLength length) => true;

        public bool CopySequence(int source, int destination, CachedLength length) => true;

        public ISampler CreateSampler(SamplingParameters parameters) => new Constant();

        public void Dispose()
        {
        }

        // "stxstx…": each s and t is held back as a beginning of "stop".
        private sealed class Constant : ISampler
        {
            private int _next;

            public int Sample(Span<float> logits) => "stx"[_next++ % 3];
        }
    }
}
