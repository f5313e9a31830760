using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Tests.Scheduling;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Speculative decoding with a real model saves steps and does not change the text.</summary>
public sealed class SpeculationTests(StarterModel starter) : IClassFixture<StarterModel>
{
    [Theory]
    [InlineData("Repeat the code: KDT-0417-XMV-9920-PLQ-1187")]
    [InlineData("What is the capital of France?")]
    [InlineData("Give me a detailed description of a storm.")]
    [InlineData("Give me a detailed description of a forest.")]
    [InlineData("Count from 1 to 10.")]
    public async Task Greedy_GuessedOrNot_IsTheSameText(string question)
    {
        string prompt = $"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n";

        (string plain, long plainSteps) = await RunAsync(prompt, speculates: false);
        (string guessed, long guessedSteps) = await RunAsync(prompt, speculates: true);

        Assert.Equal(plain, guessed);
        Assert.True(guessedSteps <= plainSteps, $"{guessedSteps} steps with guesses, {plainSteps} without");
        Assert.True(!question.StartsWith("Repeat", StringComparison.Ordinal) || guessedSteps < plainSteps, "no draft was accepted for an echo");
    }

    private async Task<(string Text, long Steps)> RunAsync(string prompt, bool speculates)
    {
        var observer = new RecordingObserver();
        await using var scheduler = new BatchScheduler(starter.CreateDecoder(), starter.Model, "starter", new BatchSchedulerOptions { Speculates = speculates, Time = new FrozenTime() });
        scheduler.Submit(new SequenceRequest
        {
            Prompt = starter.Model.Tokenize(Encoding.UTF8.GetBytes(prompt)),
            MaxTokens = 200,
            Observer = observer,
        });
        await observer.EndAsync();
        return (observer.Text, scheduler.Statistics.DecodeSteps);
    }
}
