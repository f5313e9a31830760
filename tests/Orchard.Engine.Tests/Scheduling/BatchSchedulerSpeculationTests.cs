using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>Speculative decoding saves steps and never changes the output.</summary>
public sealed class BatchSchedulerSpeculationTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // Repeats ten tokens, so that every draft after the first repetition is accepted.
    private static readonly Func<IReadOnlyList<int>, int> Circle = static held => (held[^1] + 1) % 10;

    [Fact]
    public async Task Repetition_IsTheSameTextInFewerSteps()
    {
        Outcome plain = await RunAsync(Circle, [0], 100, speculates: false);
        Outcome drafted = await RunAsync(Circle, [0], 100, speculates: true);

        Assert.Equal(plain.Tokens, drafted.Tokens);
        Assert.Equal(plain.End, drafted.End);
        Assert.Equal(100, plain.Batches.Count);
        Assert.InRange(drafted.Batches.Count, 10, 30);
    }

    [Fact]
    public async Task Sampled_IsTheSameTextInFewerSteps()
    {
        Outcome plain = await RunAsync(Circle, [0], 100, speculates: false);
        Outcome drafted = await RunAsync(Circle, [0], 100, speculates: true, sampling: new SamplingParameters());

        Assert.Equal(plain.Tokens, drafted.Tokens);
        Assert.InRange(drafted.Batches.Count, 10, 30);
    }

    [Fact]
    public async Task MemoryCannotBeCut_IsNotDrafted()
    {
        Outcome outcome = await RunAsync(Circle, [0], 100, speculates: true, canTrim: false);

        Assert.Equal(100, outcome.Batches.Count);
    }

    [Fact]
    public async Task Deterministic_IsNotDrafted()
    {
        Outcome outcome = await RunAsync(Circle, [0], 100, speculates: true, deterministic: true);

        Assert.Equal(100, outcome.Batches.Count);
    }

    [Fact]
    public async Task Guesses_GoNoFurtherThanThereIsRoom()
    {
        ScriptedDecoder decoder = Decoder(Circle, room: 20);
        int asked = 0;
        decoder.Reserving = _ => decoder.RoomMade = ++asked % 4 == 0 ? decoder.AllocatedLength + 9 : 0;
        Outcome outcome;
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model", new BatchSchedulerOptions { Speculates = true, Time = new SteadyTime() }))
        {
            outcome = await SubmitAsync(scheduler, decoder, [0], 100);
        }

        Assert.Equal((await RunAsync(Circle, [0], 100, speculates: false)).Tokens, outcome.Tokens);
        Assert.InRange(outcome.Batches.Count, 10, 50);
        Assert.Empty(decoder.Violations); // such as a token without room
    }

    [Fact]
    public async Task TwoSequences_AreGuessedTogether()
    {
        ScriptedDecoder decoder = Decoder(Circle, gated: true);
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model", new BatchSchedulerOptions { Speculates = true, Time = new SteadyTime() }))
        {
            Task<Outcome>[] both = [SubmitAsync(scheduler, decoder, [0], 100), SubmitAsync(scheduler, decoder, [5], 100)];
            decoder.OpenGate();
            Outcome[] outcomes = await Task.WhenAll(both);
            Assert.Equal([.. Enumerable.Range(1, 100).Select(static i => i % 10)], outcomes[0].Tokens);
            Assert.Equal([.. Enumerable.Range(6, 100).Select(static i => i % 10)], outcomes[1].Tokens);
        }

        Assert.Empty(decoder.Violations);
        Assert.InRange(decoder.Batches.Count, 10, 40);
        Assert.Contains(decoder.Batches, static batch => batch.Count(static token => token.Slot == 0) > 1 && batch.Count(static token => token.Slot == 1) > 1);
    }

    [Fact]
    public async Task NextTurn_AfterWrongGuesses_FindsTheCacheAsTheTextWas()
    {
        Outcome first;
        ScriptedDecoder decoder = Decoder(Stumbling);
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model", new BatchSchedulerOptions { Speculates = true, Time = new SteadyTime() }))
        {
            first = await SubmitAsync(scheduler, decoder, [0, 1, 2, 3], 60);
            Assert.Equal(60, first.Tokens.Length);
            await SubmitAsync(scheduler, decoder, [0, 1, 2, 3, .. first.Tokens, 7], 1);
        }

        Assert.Empty(decoder.Violations);
        Assert.Equal((await RunAsync(Stumbling, [0, 1, 2, 3], 60, speculates: false)).Tokens, first.Tokens);
        Assert.Equal(2, decoder.Batches[^1].Length); // the last of the answer, and the new one
        Assert.True(decoder.Batches.Count < 60, "no guess came true");
        Assert.Contains(decoder.Batches, static batch => batch.Length > 1 && batch[0].Position > 3);

        // A repetition with occasional gaps.
        static int Stumbling(IReadOnlyList<int> held) => (held[^1] + (held.Count % 23 == 0 ? 2 : 1)) % 10;
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    /// <summary>Texts of few letters with many repetitions, and every kind of end.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task AnyText_IsTheSameWithAndWithoutGuesses(int seed)
    {
        var random = new Random(seed);
        int letters = random.Next(1, 5);
        int salt = random.Next(1000);
        int ending = random.Next(3) == 0 ? random.Next(20, 150) : int.MaxValue;
        int[] prompt = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => 'a' + random.Next(letters))];
        string[] stops = random.Next(2) == 0 ? [new string('a', random.Next(2, 5)), "abab"] : [];
        int maxTokens = random.Next(1, 150);

        Outcome plain = await RunAsync(Next, prompt, maxTokens, speculates: false, stops: stops);
        Outcome drafted = await RunAsync(Next, prompt, maxTokens, speculates: true, stops: stops);

        Assert.Equal(plain.Tokens, drafted.Tokens);
        Assert.Equal(plain.Text, drafted.Text);
        Assert.Equal(plain.End, drafted.End);
        Assert.True(drafted.Batches.Count <= plain.Batches.Count);

        int Next(IReadOnlyList<int> held) => held.Count >= ending
            ? ScriptedTokenizer.EndOfGeneration
            : 'a' + (((held[^1] * 31) + (held[held.Count / 2] * 17) + salt) % 7 % letters);
    }

    private static async Task<Outcome> RunAsync(
        Func<IReadOnlyList<int>, int> next,
        int[] prompt,
        int maxTokens,
        bool speculates,
        bool canTrim = true,
        bool deterministic = false,
        SamplingParameters? sampling = null,
        string[]? stops = null)
    {
        ScriptedDecoder decoder = Decoder(next, canTrim: canTrim);
        Outcome outcome;
        await using (var scheduler = new BatchScheduler(decoder, new ScriptedTokenizer(), "model", new BatchSchedulerOptions { Speculates = speculates, Time = new SteadyTime() }))
        {
            outcome = await SubmitAsync(scheduler, decoder, prompt, maxTokens, deterministic, sampling, stops);
        }

        Assert.Empty(decoder.Violations);
        return outcome;
    }

    private static async Task<Outcome> SubmitAsync(
        BatchScheduler scheduler,
        ScriptedDecoder decoder,
        int[] prompt,
        int maxTokens,
        bool deterministic = false,
        SamplingParameters? sampling = null,
        string[]? stops = null)
    {
        var observer = new RecordingObserver();
        scheduler.Submit(new SequenceRequest
        {
            Prompt = prompt,
            MaxTokens = maxTokens,
            Sampling = sampling ?? SamplingParameters.Greedy,
            StopStrings = stops ?? [],
            IsDeterministic = deterministic,
            Observer = observer,
        });
        SequenceEnd end = await observer.EndAsync().WaitAsync(Limit);
        return new Outcome(observer.Tokens, observer.Text, end, decoder.Batches);
    }

    private static ScriptedDecoder Decoder(
        Func<IReadOnlyList<int>, int> next, bool gated = false, bool canTrim = true, int room = int.MaxValue) =>
        new() { NextToken = next, IsGated = gated, CanTrim = canTrim, AllocatedLength = room };

    private sealed record Outcome(int[] Tokens, string Text, SequenceEnd End, IReadOnlyList<BatchToken[]> Batches);
}
