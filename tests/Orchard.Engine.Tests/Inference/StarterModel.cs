using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;

namespace Orchard.Engine.Tests.Inference;

/// <summary>The starter model, loaded once for all tests that only read it.</summary>
public sealed class StarterModel : IAsyncLifetime
{
    public const string FrancePrompt = "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n";

    internal static string FilePath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf");

    internal static DecoderOptions SmallDecoder { get; } = new() { SequenceCapacity = 4, ContextLength = 512, BatchCapacity = 128 };

    internal LlamaModel Model { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Model = await LlamaModel.LoadAsync(FilePath, settings: null, null, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        Model?.Dispose();
        return ValueTask.CompletedTask;
    }

    internal LlamaDecoder CreateDecoder(DecoderOptions? options = null) => new(Model, options ?? SmallDecoder);

    internal string GetText(IEnumerable<int> tokens)
    {
        var bytes = new List<byte>();
        byte[] piece = new byte[64];
        foreach (int token in tokens)
        {
            bytes.AddRange(piece.AsSpan(0, Model.GetBytes(token, piece)));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Decodes a prompt into a slot and generates until the turn ends or the limit is reached.</summary>
    internal List<int> Generate(LlamaDecoder decoder, ISampler sampler, string prompt, int maxTokens, int slot = 0)
    {
        int[] tokens = Model.Tokenize(Encoding.UTF8.GetBytes(prompt));
        decoder.Decode([.. tokens.Select((token, i) => new BatchToken(token, i, slot, i == tokens.Length - 1))]);
        var generated = new List<int>();
        int next = sampler.Sample(decoder.GetLogits(tokens.Length - 1));
        while (!Model.IsEndOfGeneration(next) && generated.Count < maxTokens)
        {
            generated.Add(next);
            decoder.Decode([new BatchToken(next, tokens.Length + generated.Count - 1, slot, true)]);
            next = sampler.Sample(decoder.GetLogits(0));
        }

        return generated;
    }
}
