using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>Whatever a model's rounds take and however well its answers can be drafted, drafts lose hardly any time.</summary>
public sealed class DraftLossTests
{
    private const double Round = 1; // ms
    private const double MaxLoss = 1.03;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Costs of a draft and of each of its tokens in rounds, and after how many tokens a repetition breaks off.</summary>
    public static TheoryData<double, double, int> Models
    {
        get
        {
            var data = new TheoryData<double, double, int>();
            foreach (double perDraft in new[] { 0.1, 0.5, 2, 4 })
            {
                foreach (double perToken in new[] { 0.05, 0.3, 0.6, 1 })
                {
                    foreach (int gap in new[] { 4, 6, 9, 23, int.MaxValue })
                    {
                        data.Add(perDraft, perToken, gap);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task LongAnswer_LosesHardlyAnything(double perDraft, double perToken, int gap)
    {
        double plain = await TimeAsync(perDraft, perToken, gap, answers: 1, tokens: 1_500, speculates: false);
        double drafted = await TimeAsync(perDraft, perToken, gap, answers: 1, tokens: 1_500, speculates: true);

        Assert.InRange(drafted / plain, 0, MaxLoss);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task FirstShortAnswers_DoNotPayForTrials(double perDraft, double perToken, int gap)
    {
        double plain = await TimeAsync(perDraft, perToken, gap, answers: 4, tokens: 17, speculates: false);
        double drafted = await TimeAsync(perDraft, perToken, gap, answers: 4, tokens: 17, speculates: true);

        Assert.InRange(drafted / plain, 0, MaxLoss);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task TextThatRepeatsItself_IsMuchFaster(double perDraft)
    {
        double plain = await TimeAsync(perDraft, 0.15, gap: int.MaxValue, answers: 1, tokens: 1_500, speculates: false);
        double drafted = await TimeAsync(perDraft, 0.15, gap: int.MaxValue, answers: 1, tokens: 1_500, speculates: true);

        Assert.InRange(drafted / plain, 0, 0.5);
    }

    /// <summary>A decode that hardly takes longer with a draft does not make drafts cheap if what is done with its tokens takes long.</summary>
    [Fact]
    public async Task WorkAfterTheDecode_CountsToo()
    {
        // Nothing is saved: nearly all of the time is that of each token, whether it was drafted or not.
        double plain = await TimeAsync(0.1, 0.05, gap: 9, answers: 1, tokens: 1_500, speculates: false, perSampled: 10);
        double drafted = await TimeAsync(0.1, 0.05, gap: 9, answers: 1, tokens: 1_500, speculates: true, perSampled: 10, afterDraft: 12);

        Assert.InRange(drafted / plain, 0, MaxLoss);
    }

    private static async Task<double> TimeAsync(
        double perDraft, double perToken, int gap, int answers, int tokens, bool speculates, double perSampled = 0, double afterDraft = 0)
    {
        var time = new FakeTimeProvider();
        bool hasDraft = false;
        double total = 0;
        var decoder = new ScriptedDecoder
        {
            ContextLength = 2_048,
            NextToken = held => (held[^1] + (held.Count % gap == 0 ? 3 : 1)) % 10,
            Decoding = batch =>
            {
                int drafted = batch[0].Position < 1 ? 0 : batch.Length - 1;
                hasDraft = drafted > 0;
                Pass(Round + (hasDraft ? perDraft + (perToken * drafted) : 0));
            },
            Sampling = _ => Pass(perSampled),
        };
        await using var scheduler = new BatchScheduler(
            decoder, new ScriptedTokenizer(), "model", new BatchSchedulerOptions { Speculates = speculates, Time = time });
        scheduler.StepCompleted = () => Pass(hasDraft ? afterDraft : 0);
        for (int answer = 0; answer < answers; answer++)
        {
            var observer = new RecordingObserver();
            scheduler.Submit(new SequenceRequest { Prompt = [answer], MaxTokens = tokens, Observer = observer });
            await observer.EndAsync().WaitAsync(Limit);
        }

        return total;

        void Pass(double milliseconds)
        {
            total += milliseconds;
            time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }
    }
}
