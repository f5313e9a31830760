using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>How an image delays a sequence that generates.</summary>
public sealed class MediaRoundTests
{
    private const double Usual = 20; // ms per step
    private const double UsualBesideMedia = 28;
    private const double Pass = 4;
    private const double PerPromptToken = 2;
    private const int ImageTokens = 400;
    private const int ImageFrom = 40; // step

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Image_TakesNoMoreOfARoundThanTheOthersDo()
    {
        List<Round> rounds = [.. (await RunAsync(textTokens: 0)).Where(static round => round.MediaTokens > 0)];

        Assert.Equal(ImageTokens, rounds.Sum(static round => round.MediaTokens));
        Assert.InRange(rounds.Max(static round => round.Milliseconds), 1.5 * Usual, 3 * Usual);
        Assert.InRange(rounds.TakeLast(10).Average(static round => round.Milliseconds), 1.8 * Usual, 2.4 * Usual);
    }

    [Fact]
    public async Task Image_BesideALongText_TakesTurnsWithIt()
    {
        List<Round> rounds = await RunAsync(textTokens: 600);

        Assert.DoesNotContain(rounds, static round => round is { MediaTokens: > 0, PromptTokens: > 0 });
        Assert.Equal(ImageTokens, rounds.Sum(static round => round.MediaTokens));
        Assert.InRange(rounds.Sum(static round => round.PromptTokens), 600, 610); // with the text around the image
        Assert.InRange(rounds.Max(static round => round.Milliseconds), 1.5 * Usual, 3 * Usual);

        // Neither waits for the end of the other.
        Assert.InRange(rounds.FindIndex(static round => round.MediaTokens > 0), 0, 3);
        Assert.InRange(rounds.FindIndex(static round => round.PromptTokens > 2), 0, 3);
    }

    [Fact]
    public async Task Image_WhileOthersRepeatThemselves_IsNotBesideDrafts()
    {
        List<Round> rounds = await RunAsync(textTokens: 0, speculates: true);

        Assert.Contains(rounds, static round => round is { MediaTokens: 0, GeneratedTokens: > 1 });
        Assert.DoesNotContain(rounds, static round => round is { MediaTokens: > 0, GeneratedTokens: > 1 });
    }

    // A sequence generates; an image and a text arrive. Returns the rounds from then on.
    private static async Task<List<Round>> RunAsync(int textTokens, bool speculates = false)
    {
        var time = new FakeTimeProvider();
        var rounds = new List<Round>();
        var round = new Round();
        int steps = 0;
        var image = new RecordingObserver();
        var text = new RecordingObserver();
        BatchScheduler scheduler = null!;
        var decoder = new ScriptedDecoder
        {
            ContextLength = 2_048,
            BatchCapacity = 512,
            NextToken = static held => held.Count % 10,
        };
        bool afterMedia = false;
        decoder.Decoding = batch =>
        {
            if (steps > ImageFrom)
            {
                rounds.Add(round);
            }

            int generated = batch.Count(static token => token.Slot == 0);
            int prompt = batch.Length - generated;
            double taken = (afterMedia ? UsualBesideMedia : Usual) + (PerPromptToken * prompt);
            round = new Round { Milliseconds = taken, GeneratedTokens = generated, PromptTokens = prompt };
            afterMedia = false;
            time.Advance(TimeSpan.FromMilliseconds(taken));
            if (++steps == ImageFrom)
            {
                scheduler.Submit(ImagePrompt(image));
                if (textTokens > 0)
                {
                    scheduler.Submit(new SequenceRequest { Prompt = [.. Enumerable.Repeat(2, textTokens)], MaxTokens = 1, Observer = text });
                }
            }
        };
        decoder.DecodingMedia = batch =>
        {
            double taken = Pass + (PerPromptToken * batch.Count);
            round = round with { Milliseconds = round.Milliseconds + taken, MediaTokens = round.MediaTokens + batch.Count };
            afterMedia = true;
            time.Advance(TimeSpan.FromMilliseconds(taken));
        };
        await using var disposed = scheduler = new BatchScheduler(
            decoder, new ScriptedTokenizer(), "model", new BatchSchedulerOptions { Speculates = speculates, Time = time });
        var stream = new RecordingObserver();

        scheduler.Submit(new SequenceRequest { Prompt = [1], MaxTokens = 1_500, Observer = stream });
        await image.EndAsync().WaitAsync(Limit);
        await (textTokens > 0 ? text.EndAsync().WaitAsync(Limit) : Task.CompletedTask);
        await stream.EndAsync().WaitAsync(Limit);

        Assert.Empty(decoder.Violations);
        return rounds;
    }

    private static SequenceRequest ImagePrompt(RecordingObserver observer) => new()
    {
        Prompt = [3, .. Enumerable.Repeat(-1, ImageTokens), 4],
        Media = new MediaSpans(
        [
            new MediaSpan(1, new MediaChunk(-1, ImageTokens, ImageTokens, IsNonCausal: false, MediaEmbeddings.Of(new float[ImageTokens]), Grid: null)),
        ]),
        MaxTokens = 1,
        Observer = observer,
    };

    private readonly record struct Round(double Milliseconds, int GeneratedTokens, int PromptTokens, int MediaTokens);
}
