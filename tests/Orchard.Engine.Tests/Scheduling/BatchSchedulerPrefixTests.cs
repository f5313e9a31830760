using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>Prefix cache, with a decoder whose answer depends on the last token.</summary>
public sealed class BatchSchedulerPrefixTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task SecondTurn_ContinuesTheFirst_ComputesTheNewTokensAlone()
    {
        ScriptedDecoder decoder = Decoder();
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model"))
        {
            int[] first = Tokens(50);
            int[] answer = await RunAsync(scheduler, first, 4);
            await RunAsync(scheduler, [.. first, .. answer, 7, 8], 1);
        }

        // The last token of the answer was chosen and never computed.
        Assert.Equal(3, decoder.Batches[^1].Length);
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task OptedOut_ComputesAllAndLeavesNothing()
    {
        ScriptedDecoder decoder = Decoder();
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model"))
        {
            await RunAsync(scheduler, Tokens(50), 1, reuse: false);
            await RunAsync(scheduler, Tokens(50), 1);
            await RunAsync(scheduler, Tokens(50), 1, reuse: false);
        }

        Assert.Equal([50, 50, 50], decoder.Batches.Select(static batch => batch.Length));
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task SameLongBeginning_AtOnce_IsComputedOnce()
    {
        ScriptedDecoder decoder = Decoder(gated: true);
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model"))
        {
            Task<int[]>[] all = [.. Enumerable.Range(0, 4).Select(i => RunAsync(scheduler, [.. Tokens(180), 600 + i], 1))];
            decoder.OpenGate();
            await Task.WhenAll(all);
        }

        Assert.Equal(181 + 3, decoder.Batches.Sum(static batch => batch.Length));
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task Start_HundredsWithACommonPrefix_ComputeItOnceAndAllEnd()
    {
        ScriptedDecoder decoder = Decoder(gated: true, slots: 4);
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model"))
        {
            Task<int[]>[] all = [.. Enumerable.Range(0, 300).Select(i => RunAsync(scheduler, [.. Tokens(180), 300 + i], 1))];
            decoder.OpenGate();
            await Task.WhenAll(all);
        }

        Assert.Equal(180 + 300, decoder.Batches.Sum(static batch => batch.Length));
        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task Start_OneOfAnotherClientBehindManyThatWaitForAPrefix_DoesNotWaitForIt()
    {
        ScriptedDecoder decoder = Decoder(gated: true, slots: 4);
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model"))
        {
            Task<int[]>[] all = [.. Enumerable.Range(0, 200).Select(i => RunAsync(scheduler, [.. Tokens(250), 300 + i], 1))];
            var other = new RecordingObserver();
            scheduler.Submit(new SequenceRequest { Prompt = [5], MaxTokens = 1, ClientId = 2, Observer = other });
            await decoder.EnteredAsync();
            decoder.Release();
            BatchToken[] second = await decoder.EnteredAsync();

            // The first round may have begun before the other client's arrived.
            Assert.Contains(decoder.Batches.SelectMany(static batch => batch), static token => token is { Token: 5, Position: 0 });
            Assert.NotEmpty(second);
            decoder.OpenGate();
            await Task.WhenAll(all);
            await other.EndAsync();
        }

        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task Deterministic_BesideOthers_IsComputedInTheSameBatchesAsAlone()
    {
        BatchToken[][] alone = await BatchesOfAsync(neighbours: 0);
        BatchToken[][] among = await BatchesOfAsync(neighbours: 3);

        Assert.Equal(alone.Select(Shape), among.Select(Shape));
        Assert.Equal([32, 32, 6, 1, 1], alone.Select(static batch => batch.Length));

        static string Shape(BatchToken[] batch) => string.Join(',', batch.Select(static token => $"{token.Token}@{token.Position}"));
    }

    [Fact]
    public async Task Admit_ClientWithMany_LetsOneWithFewIn()
    {
        ScriptedDecoder decoder = Decoder(gated: true, slots: 2);
        var order = new List<ulong>();
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model"))
        {
            var ends = new List<Task>();
            Submit(1);
            await decoder.EnteredAsync();
            foreach (ulong client in (ulong[])[1, 1, 1, 2])
            {
                Submit(client);
            }

            decoder.OpenGate();
            await Task.WhenAll(ends);

            void Submit(ulong client)
            {
                var observer = new RecordingObserver { Observed = _ => order.Add(client) };
                scheduler.Submit(new SequenceRequest { Prompt = [5], MaxTokens = 1, ClientId = client, Observer = observer });
                ends.Add(observer.EndAsync());
            }
        }

        // The first, and then two for the two slots: one of each client.
        Assert.InRange(order.IndexOf(2), 1, 2);
        Assert.Equal(5, order.Count);
    }

    /// <summary>The batches of one deterministic sequence of 70 prompt and 3 completion tokens.</summary>
    private static async Task<BatchToken[][]> BatchesOfAsync(int neighbours)
    {
        ScriptedDecoder decoder = Decoder(gated: true);
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model"))
        {
            // Computed before, but not in batches of the same shape.
            List<Task> all = [.. Enumerable.Range(0, neighbours).Select(_ => RunAsync(scheduler, Tokens(70), 5))];
            all.Add(RunAsync(scheduler, [.. Tokens(69), 999], 3, deterministic: true));
            decoder.OpenGate();
            await Task.WhenAll(all);
        }

        Assert.Empty(decoder.Violations);
        int slot = decoder.Batches.SelectMany(static batch => batch).First(static token => token.Token == 999).Slot;
        return [.. decoder.Batches.Where(batch => batch.All(token => token.Slot == slot))];
    }

    private static async Task<int[]> RunAsync(
        BatchScheduler scheduler, int[] prompt, int maxTokens, bool reuse = true, bool deterministic = false)
    {
        var observer = new RecordingObserver();
        scheduler.Submit(new SequenceRequest
        {
            Prompt = prompt,
            MaxTokens = maxTokens,
            UsesPrefixCache = reuse,
            IsDeterministic = deterministic,
            Observer = observer,
        });
        Assert.Equal(SequenceEndReason.Length, (await observer.EndAsync().WaitAsync(Limit)).Reason);
        return observer.Tokens;
    }

    private static ScriptedDecoder Decoder(bool gated = false, int slots = 4) => new()
    {
        NextToken = static held => (held[^1] + 1) % 200,
        IsGated = gated,
        SequenceCapacity = slots,
        BatchCapacity = 256,
    };

    private static int[] Tokens(int count) => [.. Enumerable.Range(1, count)];
}
