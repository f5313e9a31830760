using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Sampling;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Tests.Scheduling;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Concurrent sequences outgrow the KV cache while a long prompt waits for it to grow.</summary>
public sealed class GrowthUnderLoadTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private const int Callers = 5;
    private const int AnswerTokens = 250;

    [Fact]
    public async Task ManyCallers_RoomGrowsUnderThem_AnswersAreThoseOfAllTheRoomAtOnce()
    {
        var options = new DecoderOptions { SequenceCapacity = 4, ContextLength = 1_024, BatchCapacity = 128 };

        string[] whole = await AnswersAsync(options);
        string[] growing = await AnswersAsync(options with { InitialContextLength = 256 });

        Assert.Equal(whole, growing);
        Assert.All(whole, Assert.NotEmpty);
    }

    private async Task<string[]> AnswersAsync(DecoderOptions options)
    {
        await using var scheduler = new BatchScheduler(starter.CreateDecoder(options), starter.Model, "starter");
        var observers = new List<RecordingObserver>();
        for (int caller = 0; caller < Callers; caller++)
        {
            observers.Add(Submit(scheduler, $"Number {caller}: {StarterModel.FrancePrompt}", AnswerTokens));
        }

        observers.Add(Submit(scheduler, string.Concat(Enumerable.Repeat("A long story about the sea. ", 60)), 20));
        foreach (RecordingObserver observer in observers)
        {
            Assert.Equal(SequenceEndReason.Length, (await observer.EndAsync()).Reason);
        }

        return [.. observers.Select(static observer => observer.Text)];
    }

    // Deterministic, since sums depend on which sequences share a batch.
    private RecordingObserver Submit(BatchScheduler scheduler, string prompt, int tokens)
    {
        var observer = new RecordingObserver();
        scheduler.Submit(new SequenceRequest
        {
            Prompt = starter.Model.Tokenize(Encoding.UTF8.GetBytes(prompt)),
            MaxTokens = tokens,
            Sampling = SamplingParameters.Greedy with { LogitBias = [.. starter.Model.GetEndTokens(starter.Model.VocabularySize).Select(static token => (token, -1_000f))] },
            IsDeterministic = true,
            Observer = observer,
        });
        return observer;
    }
}
