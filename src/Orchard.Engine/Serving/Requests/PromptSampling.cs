using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Sampling;
using Orchard.Engine.Serving.Responses;
using Orchard.Grammars.Compilation;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Converts the sampling options of prompts.</summary>
internal static class PromptSampling
{
    /// <summary>The seed of a deterministic request without a seed, the same as in PIE.</summary>
    private const uint DeterministicSeed = 11;

    /// <summary>Returns the sampling parameters of one candidate. The prompt must have passed <see cref="RequestRules.Check"/>.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="candidate">The candidate's index, which is added to the seed.</param>
    /// <param name="randomSeed">The seed if the client set none.</param>
    /// <param name="endTokens">The model's end tokens, which are suppressed if the prompt ignores them.</param>
    /// <param name="grammar">The grammar of the output; null for any text.</param>
    public static SamplingParameters Create(
        WirePrompt prompt, int candidate, uint randomSeed, IReadOnlyList<int> endTokens, Grammar? grammar = null) => new()
        {
            Grammar = grammar,
            Temperature = (float)prompt.Temperature,
            TopK = prompt.TopK,

            // Rust clients send zero for options that are not set, so zero disables them.
            TopP = prompt.TopP == 0 ? 1 : (float)prompt.TopP,
            MinP = (float)prompt.MinP,
            TypicalP = prompt.Extensions.TypicalP == 0 ? 1 : (float)prompt.Extensions.TypicalP,
            Mirostat = prompt.Extensions.Mirostat,
            Dry = prompt.Extensions.Dry,
            Xtc = prompt.Extensions.Xtc,
            Logprobs = LogprobReport.IsWanted(prompt),
            TopLogprobs = prompt.TopLogprobs,
            RepetitionPenalty = prompt.RepetitionPenalty == 0 ? 1 : (float)prompt.RepetitionPenalty,
            FrequencyPenalty = (float)prompt.FrequencyPenalty,
            PresencePenalty = (float)prompt.PresencePenalty,
            PenaltyWindow = prompt.RepetitionContextSize,
            Seed = unchecked((prompt.RngSeed ?? (prompt.Deterministic ? DeterministicSeed : randomSeed)) + (uint)candidate),
            LogitBias =
            [
                .. prompt.LogitBias.Select(bias => (bias.Token, (float)bias.Bias)),
                .. prompt.Extensions.IgnoreEndOfSequence ? endTokens.Select(token => (token, float.NegativeInfinity)) : [],
            ],
        };
}
