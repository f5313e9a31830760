using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Tests.Inference;
using Orchard.Grammars.Compilation;

namespace Orchard.Engine.Tests.Grammars;

/// <summary>Samples from the starter model within a grammar, at temperature 1.5.</summary>
internal static class GrammarSampling
{
    /// <summary>Decodes several samples in one batch, each with a different seed.</summary>
    /// <returns>The complete texts, and the number of samples that reached <paramref name="maxTokens"/>.</returns>
    public static (IReadOnlyList<string> Texts, int Cut) Sample(StarterModel starter, LlamaDecoder decoder, Grammar grammar, int samples, int maxTokens)
    {
        int[] prompt = starter.Model.Tokenize(Encoding.UTF8.GetBytes(StarterModel.FrancePrompt));
        decoder.ClearSequence(0);
        decoder.Decode([.. prompt.Select((token, i) => new BatchToken(token, i, 0, i == prompt.Length - 1))]);
        float[] first = decoder.GetLogits(prompt.Length - 1).ToArray();
        int cut = 0;
        var texts = new List<string>();
        var running = new List<(int Slot, ISampler Sampler, List<int> Tokens)>();
        for (int slot = 0; slot < samples; slot++)
        {
            if (slot > 0)
            {
                decoder.ClearSequence(slot);
                Assert.True(decoder.CopySequence(0, slot, prompt.Length));
            }

            running.Add((slot, decoder.CreateSampler(new() { Temperature = 1.5f, Seed = (uint)slot, Grammar = grammar }), []));
        }

        for (bool isFirst = true; running.Count > 0; isFirst = false)
        {
            for (int i = running.Count - 1; i >= 0; i--)
            {
                (_, ISampler sampler, List<int> tokens) = running[i];
                int token = sampler.Sample(isFirst ? [.. first] : decoder.GetLogits(i));
                bool isEnd = starter.Model.IsEndOfGeneration(token);
                if (!isEnd)
                {
                    tokens.Add(token);
                }

                bool isCut = tokens.Count == maxTokens && !isEnd && !sampler.IsFinished;
                if (isEnd || sampler.IsFinished)
                {
                    texts.Add(starter.GetText(tokens));
                }

                cut += isCut ? 1 : 0;
                if (isEnd || isCut || sampler.IsFinished)
                {
                    running.RemoveAt(i);
                }
            }

            if (running.Count > 0)
            {
                decoder.Decode([.. running.Select(entry => new BatchToken(entry.Tokens[^1], prompt.Length + entry.Tokens.Count - 1, entry.Slot, true))]);
            }
        }

        return (texts, cut);
    }
}
