using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Scheduling;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Inference.Media;

/// <summary>Prompts with images and sound among other sequences.</summary>
public sealed class MediaSchedulingTests
{
    private const int AnswerTokens = 12;
    private const int Streams = 8;

    private static readonly DecoderOptions Options =
        MediaModel.Options with { SequenceCapacity = Streams + 2, BatchCapacity = 64 };

    public static TheoryData<string> Kinds => MediaModel.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SecondTurn_FindsTheImageInTheCacheAndAnswersTheSame(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        PromptTokens first = await model.TokenizeAsync("one two three", model.Input(seed: 1), " four");
        PromptTokens second = await model.TokenizeAsync("one two three", model.Input(seed: 1), " four five", model.Input(seed: 2), " six");
        await using BatchScheduler cold = Start(model);
        Answer expected = await Answer.Of(cold, second);

        await using BatchScheduler warm = Start(model);
        await Answer.Of(warm, first);
        Answer answer = await Answer.Of(warm, second);

        int behindTheImage = first.Media!.NextFrom(0, int.MaxValue) + first.Tokens.Count(static token => token < 0);
        Assert.True(answer.CachedTokens >= behindTheImage, $"Only {answer.CachedTokens} of {behindTheImage} tokens were found.");
        Assert.Equal(0, expected.CachedTokens);
        Assert.Equal(expected.Tokens, answer.Tokens);
        Assert.Equal(second.Tokens.Length, answer.PromptTokens);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task OtherImage_IsNotFoundInTheCache(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        await using BatchScheduler scheduler = Start(model);
        PromptTokens first = await model.TokenizeAsync("one two three", model.Input(seed: 1), " four");
        await Answer.Of(scheduler, first);

        Answer answer = await Answer.Of(scheduler, await model.TokenizeAsync("one two three", model.Input(seed: 2), " four"));

        Assert.True(answer.CachedTokens <= first.Media!.NextFrom(0, int.MaxValue), $"{answer.CachedTokens} tokens were found.");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Streams_BesideAnImage_AnswerAsAlone(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        PromptTokens[] prompts =
        [
            await model.TokenizeAsync("one two three", model.Input(seed: 1), " four"),
            .. await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => model.TokenizeAsync($"the number {i} and then"))),
        ];
        var alone = new List<int[]>();
        foreach (PromptTokens prompt in prompts)
        {
            await using BatchScheduler scheduler = Start(model);
            alone.Add((await Answer.Of(scheduler, prompt)).Tokens);
        }

        await using BatchScheduler shared = Start(model);
        Answer[] together = await Task.WhenAll(Enumerable.Reverse(prompts).Select(prompt => Answer.Of(shared, prompt)));

        Assert.Equal(alone, Enumerable.Reverse(together).Select(static answer => answer.Tokens));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Deterministic_WithAnImage_AnswersTheSame(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        await using BatchScheduler scheduler = Start(model);
        PromptTokens prompt = await model.TokenizeAsync("one two three", model.Input(seed: 1), " four");

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Answer.Of(scheduler, prompt, isDeterministic: true)));

        Assert.All(answers, answer => Assert.Equal(answers[0].Tokens, answer.Tokens));
    }

    private static BatchScheduler Start(MediaModel model) => new(model.CreateDecoder(Options), model.Model, "media");

    private sealed class Answer : ISequenceObserver
    {
        private readonly TaskCompletionSource<SequenceEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<int> _tokens = [];

        public int[] Tokens => [.. _tokens];

        public int CachedTokens { get; private set; }

        public int PromptTokens { get; private set; }

        public static async Task<Answer> Of(BatchScheduler scheduler, PromptTokens prompt, bool isDeterministic = false)
        {
            var answer = new Answer();
            scheduler.Submit(new SequenceRequest
            {
                Prompt = prompt.Tokens,
                Media = prompt.Media,
                MaxTokens = AnswerTokens,
                IsDeterministic = isDeterministic,
                Observer = answer,
            });
            SequenceEnd end = await answer._end.Task.OrBroken("the end of the answer");
            Assert.True(end.Reason != SequenceEndReason.Failed, end.Error);
            return answer;
        }

        public void OnProgress(in SequenceProgress progress)
        {
            _tokens.AddRange(progress.Tokens);
            (CachedTokens, PromptTokens) = (progress.CachedTokens, progress.PromptTokens);
            if (progress.End is { } end)
            {
                _end.TrySetResult(end);
            }
        }
    }
}
