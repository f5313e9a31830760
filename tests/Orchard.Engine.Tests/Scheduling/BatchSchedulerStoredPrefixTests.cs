using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Prefixes;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Tests.Prefixes;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>What one scheduler leaves on disk, the next one goes on from. Each sequence computes its last prompt token.</summary>
public sealed class BatchSchedulerStoredPrefixTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task NextScheduler_SamePrompt_ComputesItsLastTokenAlone()
    {
        using var harness = new PrefixHarness();
        await using (BatchScheduler first = Start(harness, Decoder()))
        {
            await RunAsync(first, Tokens(300), 4);
        }

        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler second = Start(harness, decoder))
        {
            int[] answer = await RunAsync(second, Tokens(300), 2);
            Assert.Equal([101, 102], answer);
        }

        Assert.Equal([1, 1], decoder.Batches.Select(static batch => batch.Length));
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task NextScheduler_OtherQuestionAfterTheSameSystemPrompt_ComputesTheQuestionAlone()
    {
        using var harness = new PrefixHarness();
        await using (BatchScheduler first = Start(harness, Decoder()))
        {
            await RunAsync(first, [.. Tokens(280), 7, 8, 9], 30);
        }

        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler second = Start(harness, decoder))
        {
            await RunAsync(second, [.. Tokens(280), 11, 12, 13, 14, 15], 1);
        }

        Assert.Equal(5, Assert.Single(decoder.Batches).Length);
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task NextScheduler_ManyWithTheSamePrefixAtOnce_ReadItOnce()
    {
        using var harness = new PrefixHarness();
        await using (BatchScheduler first = Start(harness, Decoder()))
        {
            await RunAsync(first, Tokens(400), 1);
        }

        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler second = Start(harness, decoder))
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => RunAsync(second, [.. Tokens(400), 50 + i], 1)));
        }

        Assert.InRange(decoder.Batches.Sum(static batch => batch.Length), 40, 41);
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task Idle_WritesWhatIsNewOnce()
    {
        using var harness = new PrefixHarness();
        ScriptedDecoder decoder = Decoder();
        await using BatchScheduler scheduler = Start(harness, decoder, idle: TimeSpan.Zero);
        await RunAsync(scheduler, Tokens(300), 1);
        await FilesAsync(harness, 1);

        await RunAsync(scheduler, Tokens(300), 1);
        await RunAsync(scheduler, [.. Tokens(300), .. Tokens(50)], 1); // too little
        await RunAsync(scheduler, [.. Tokens(300), .. Tokens(300)], 1);
        await WaitAsync(() => decoder.SavedStates.Count == 2);
        await WaitAsync(() => harness.Files is [var file] && PrefixFile.ReadHead(file).Tokens.Length == 600);

        Assert.Equal([300, 600], decoder.SavedStates);
    }

    [Fact]
    public async Task ShortPrompts_AreNotWritten()
    {
        using var harness = new PrefixHarness();
        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler scheduler = Start(harness, decoder))
        {
            await RunAsync(scheduler, Tokens(200), 20);
        }

        Assert.Empty(decoder.SavedStates);
        Assert.Empty(harness.Files);
    }

    [Fact]
    public async Task OptedOut_IsNeitherWrittenNorRead()
    {
        using var harness = new PrefixHarness();
        await using (BatchScheduler first = Start(harness, Decoder()))
        {
            await RunAsync(first, Tokens(300), 1, reuse: false);
        }

        Assert.Empty(harness.Files);
        await using (BatchScheduler first = Start(harness, Decoder()))
        {
            await RunAsync(first, Tokens(300), 1);
        }

        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler second = Start(harness, decoder))
        {
            await RunAsync(second, Tokens(300), 1, reuse: false);
        }

        Assert.Equal(300, decoder.Batches.Sum(static batch => batch.Length));
    }

    [Fact]
    public async Task DamagedFile_IsRemovedAndThePromptComputed()
    {
        using var harness = new PrefixHarness();
        await using (BatchScheduler first = Start(harness, Decoder()))
        {
            await RunAsync(first, Tokens(300), 1);
        }

        string file = Assert.Single(harness.Files);
        byte[] content = File.ReadAllBytes(file);
        content[^3] ^= 1;
        File.WriteAllBytes(file, content);
        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler second = Start(harness, decoder, atEnd: TimeSpan.Zero))
        {
            int[] answer = await RunAsync(second, Tokens(300), 1);
            Assert.Equal([101], answer);
        }

        Assert.Equal(300, decoder.Batches.Sum(static batch => batch.Length));
        Assert.Empty(harness.Files);
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task StateThatTheLibraryDoesNotAccept_IsRemovedAndThePromptComputed()
    {
        using var harness = new PrefixHarness();
        await using (BatchScheduler first = Start(harness, Decoder()))
        {
            await RunAsync(first, Tokens(300), 1);
        }

        ScriptedDecoder decoder = Decoder(accepts: false);
        await using (BatchScheduler second = Start(harness, decoder, atEnd: TimeSpan.Zero))
        {
            await RunAsync(second, Tokens(300), 1);
            await RunAsync(second, Tokens(300, first: 50), 1);
        }

        Assert.Equal(600, decoder.Batches.Sum(static batch => batch.Length));
        Assert.Empty(harness.Files);
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task Cancelled_WhileItsFileIsRead_EndsAndOthersGoOn()
    {
        using var harness = new PrefixHarness();
        await using (BatchScheduler first = Start(harness, Decoder()))
        {
            await RunAsync(first, Tokens(300), 1);
        }

        ScriptedDecoder decoder = Decoder();
        await using BatchScheduler second = Start(harness, decoder);
        using var cancel = new CancellationTokenSource();
        var observer = new RecordingObserver();
        second.Submit(new SequenceRequest { Prompt = Tokens(300), MaxTokens = 1, Observer = observer, CancellationToken = cancel.Token });
        await cancel.CancelAsync();
        await observer.EndAsync();

        await RunAsync(second, Tokens(300), 1);
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task StateOfAllTokensOnly_IsUsedForAPromptThatGoesOnFromThem()
    {
        using var harness = new PrefixHarness();
        int[] answer;
        await using (BatchScheduler first = Start(harness, Decoder(StateReuse.Whole), isWhole: true))
        {
            answer = await RunAsync(first, Tokens(300), 4);
        }

        ScriptedDecoder decoder = Decoder(StateReuse.Whole);
        await using (BatchScheduler second = Start(harness, decoder, isWhole: true))
        {
            await RunAsync(second, [.. Tokens(300), .. answer, 5, 6], 1);
            await RunAsync(second, [.. Tokens(290), 8], 1);
        }

        Assert.Equal([3, 1], decoder.Batches.Select(static batch => batch.Length)); // the second one in memory
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task TwoEnginesAtOnce_InOneFolder_BothGoOnFromWhatEachHasLeft()
    {
        using var harness = new PrefixHarness();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async engine =>
        {
            await using BatchScheduler scheduler = Start(harness, Decoder());
            await RunAsync(scheduler, Tokens(300), 1);
            await RunAsync(scheduler, Tokens(300, first: 1_000 * (engine + 1)), 1);
        }));

        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler next = Start(harness, decoder))
        {
            await RunAsync(next, Tokens(300), 1);
            await RunAsync(next, Tokens(300, first: 1_000), 1);
            await RunAsync(next, Tokens(300, first: 2_000), 1);
        }

        Assert.Equal(3, decoder.Batches.Sum(static batch => batch.Length));
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task ManyConversations_SomeFromDiskAndSomeFromOtherSlots_AreNeverMixedUp()
    {
        using var harness = new PrefixHarness();
        for (int engine = 0; engine < 3; engine++)
        {
            ScriptedDecoder decoder = Decoder();
            await using (BatchScheduler scheduler = Start(harness, decoder))
            {
                for (int round = 0; round < 4; round++)
                {
                    int extra = (engine * 4) + round;
                    await Task.WhenAll(Enumerable.Range(0, 7).Select(chat =>
                        RunAsync(scheduler, [.. Tokens(280), .. Tokens(10 + (270 * (chat % 3)) + extra, first: 2_000 * (1 + (chat % 3)))], 2 + chat)));
                }
            }

            Assert.Empty(decoder.Violations); // such as a position that does not follow what the slot holds
        }
    }

    [Fact]
    public async Task OtherAdapters_DoNotUseWhatWasComputedWithoutThem()
    {
        using var harness = new PrefixHarness();
        var adapters = new AdapterSet("1*1;", [1], [1]) { ContentKey = "digest*1;" };
        await using (BatchScheduler first = Start(harness, Decoder()))
        {
            await RunAsync(first, Tokens(300), 1);
            await RunAsync(first, Tokens(300, first: 1_000), 1, adapters: adapters);
            await RunAsync(first, Tokens(300, first: 2_000), 1, adapters: new AdapterSet("2*1;", [2], [1]));
        }

        Assert.Equal(2, harness.Files.Count); // what is not known by its content is not kept
        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler second = Start(harness, decoder))
        {
            await RunAsync(second, Tokens(300), 1, adapters: adapters);
            await RunAsync(second, Tokens(300, first: 1_000), 1, adapters: new AdapterSet("7*1;", [7], [1]) { ContentKey = "digest*1;" });
        }

        Assert.Equal(301, decoder.Batches.Sum(static batch => batch.Length));
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task Image_IsNotKeptAndTheTextBeforeItIsUsed()
    {
        using var harness = new PrefixHarness();
        var image = new MediaSpans([new MediaSpan(300, new MediaChunk(-5, 4, 4, IsNonCausal: false, MediaEmbeddings.Of(new float[4]), Grid: null))]);
        await using (BatchScheduler first = Start(harness, Decoder()))
        {
            await RunAsync(first, Tokens(300), 1);
        }

        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler second = Start(harness, decoder))
        {
            await RunAsync(second, [.. Tokens(300), -5, -5, -5, -5, .. Tokens(300, first: 900)], 1, media: image);
        }

        Assert.Single(harness.Files);
        Assert.Equal(300, decoder.Batches.Sum(static batch => batch.Length)); // without the image
    }

    [Fact]
    public async Task FolderThatCannotBeWritten_AnswersAsIfThereWereNone_AndIsLoggedOnce()
    {
        using var harness = new PrefixHarness();
        File.WriteAllText(harness.Path, "a file is in the way");
        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler scheduler = Start(harness, decoder, idle: TimeSpan.Zero))
        {
            for (int first = 1; first < 4_000; first += 1_000)
            {
                Assert.Equal([(first + 300) % 200], await RunAsync(scheduler, Tokens(300, first), 1));
            }
        }

        Assert.Equal(4 * 300, decoder.Batches.Sum(static batch => batch.Length));
        Assert.Single(harness.Log.Texts);
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task End_NoTimeLeft_IsNotDelayed()
    {
        using var harness = new PrefixHarness();
        ScriptedDecoder decoder = Decoder();
        await using (BatchScheduler scheduler = Start(harness, decoder, atEnd: TimeSpan.Zero))
        {
            await RunAsync(scheduler, Tokens(300), 1);
        }

        Assert.Empty(harness.Files);
    }

    private static BatchScheduler Start(
        PrefixHarness harness, ScriptedDecoder decoder, TimeSpan? idle = null, TimeSpan? atEnd = null, bool isWhole = false)
    {
        var options = new BatchSchedulerOptions
        {
            Prefixes = PrefixStore.Open(harness.Open(), harness.Key, isWhole),
            IdleBeforeSave = idle ?? TimeSpan.FromHours(1),
            SaveAtEnd = atEnd ?? Limit,
        };
        return new BatchScheduler(decoder, new ScriptedTokenizer(), "model", options);
    }

    private static async Task<int[]> RunAsync(BatchScheduler scheduler, int[] prompt, int maxTokens, bool reuse = true, AdapterSet? adapters = null, MediaSpans? media = null)
    {
        var observer = new RecordingObserver();
        scheduler.Submit(new SequenceRequest
        {
            Prompt = prompt,
            MaxTokens = maxTokens,
            UsesPrefixCache = reuse,
            Adapters = adapters,
            Media = media,
            Observer = observer,
        });
        Assert.Equal(SequenceEndReason.Length, (await observer.EndAsync().WaitAsync(Limit)).Reason);
        return observer.Tokens;
    }

    private static Task FilesAsync(PrefixHarness harness, int count) =>
        WaitAsync(() => harness.Files.Count(static file => file.EndsWith(".prefix", StringComparison.Ordinal)) == count);

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }
    }

    private static ScriptedDecoder Decoder(StateReuse reuse = StateReuse.Prefix, bool accepts = true) => new()
    {
        NextToken = static held => (held[^1] + 1) % 200,
        SequenceCapacity = 4,
        ContextLength = 1024,
        BatchCapacity = 256,
        StateReuse = reuse,
        AcceptsStates = accepts,
    };

    private static int[] Tokens(int count, int first = 1) => [.. Enumerable.Range(first, count)];
}
