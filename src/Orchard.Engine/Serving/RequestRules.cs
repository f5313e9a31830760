using System.Globalization;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Sampling;
using Orchard.Grammars.Compilation;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>What this engine can be asked for, and the translation of what it was asked for. Pure.</summary>
internal static class RequestRules
{
    /// <summary>Most sequences one request may fan out to: prompts times candidates.</summary>
    public const int MaxSequences = 4096;

    public const int MaxStopSequences = 256;

    /// <summary>Most likely tokens that are told of one place.</summary>
    public const int MaxTopLogprobs = 100;

    /// <summary>The seed of a deterministic request that names none, fixed by the family's engine.</summary>
    private const uint DeterministicSeed = 11;

    /// <summary>Sequences the request asks for, each of which is owed one final delta; capped at one more than <see cref="MaxSequences"/>.</summary>
    public static int CountSequences(RequestFrame frame)
    {
        long count = 0;
        foreach (PromptFrame prompt in frame.Prompts)
        {
            count = Math.Min(count + prompt.CandidateCount, MaxSequences + 1);
        }

        return (int)count;
    }

    /// <summary>The first thing that keeps the request from being served, or null.</summary>
    public static RequestError? Check(RequestFrame frame, int vocabularySize)
    {
        if (CheckKind(frame) is { } kind)
        {
            return kind;
        }

        var seen = new HashSet<int>();
        foreach (PromptFrame prompt in frame.Prompts)
        {
            RequestError? error = !seen.Add(prompt.PromptIndex)
                ? Invalid("prompt_index", prompt.PromptIndex, "used once")
                : CheckAbilities(prompt) ?? CheckNumbers(prompt) ?? ExtensionRules.Check(prompt.Extensions) ?? CheckLists(prompt, vocabularySize);
            if (error is { } found)
            {
                return found with { Message = $"Prompt {prompt.PromptIndex}: {found.Message}" };
            }
        }

        return null;
    }

    /// <summary>How candidate <paramref name="candidate"/> of a prompt is sampled. Call after <see cref="Check"/>.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="candidate">From 0; each has a seed of its own.</param>
    /// <param name="randomSeed">Seed of the prompt's first candidate when the client named none.</param>
    /// <param name="endTokens">The tokens that end a turn, for prompts that are to go on beyond them.</param>
    /// <param name="grammar">What the output must be; null: anything.</param>
    public static SamplingParameters ToSampling(
        PromptFrame prompt, int candidate, uint randomSeed, IReadOnlyList<int> endTokens, Grammar? grammar = null) => new()
        {
            Grammar = grammar,
            Temperature = (float)prompt.Temperature,
            TopK = prompt.TopK,

            // Zero is what Rust clients send for a value nobody set; it switches the rule off.
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

    private static RequestError? CheckKind(RequestFrame frame)
    {
        if (frame.Type is not (RequestType.Generation or RequestType.Embedding))
        {
            string name = Enum.IsDefined(frame.Type) ? $" ({frame.Type})" : "";
            return Unsupported($"requests of type {(int)frame.Type}{name}; it serves types 0, generation, and 1, embedding");
        }

        if (frame.Prompts.Count == 0)
        {
            return new RequestError(ErrorCode.InvalidRequest, "The request has no prompt.");
        }

        if (CountSequences(frame) > MaxSequences)
        {
            return new RequestError(
                ErrorCode.InvalidRequest,
                $"The request asks for more than {MaxSequences} sequences (prompts times candidates); send it in parts.");
        }

        return null;
    }

    private static RequestError? CheckAbilities(PromptFrame prompt)
    {
        if (prompt.Images.Count > 0)
        {
            return Unsupported("image input");
        }

        if (prompt.Audio.Count > 0)
        {
            return Unsupported("audio input");
        }

        if (prompt.Capabilities.Count > 0)
        {
            return Unsupported($"capability input ('{prompt.Capabilities[0].Name}')");
        }

        if (!string.IsNullOrEmpty(prompt.TaskName))
        {
            return Unsupported($"the task '{prompt.TaskName}'");
        }

        return null;
    }

    private static RequestError? CheckNumbers(PromptFrame prompt) =>
        CheckRange("temperature", prompt.Temperature, 0, 1000)
        ?? CheckRange("top_p", prompt.TopP, 0, 1)
        ?? CheckRange("min_p", prompt.MinP, 0, 1)
        ?? CheckRange("frequency_penalty", prompt.FrequencyPenalty, -1000, 1000)
        ?? CheckRange("presence_penalty", prompt.PresencePenalty, -1000, 1000)
        ?? CheckRange("repetition_penalty", prompt.RepetitionPenalty, 0, 1000)
        ?? CheckRange("repetition_context_size", prompt.RepetitionContextSize, 0, int.MaxValue)
        ?? CheckRange("top_logprobs", prompt.TopLogprobs, 0, MaxTopLogprobs)
        ?? CheckRange("max_generated_tokens", prompt.MaxGeneratedTokens, 0, int.MaxValue)
        ?? CheckRange("prompt_index", prompt.PromptIndex, 0, int.MaxValue);

    private static RequestError? CheckLists(PromptFrame prompt, int vocabularySize)
    {
        if (prompt.StopSequences.Count > MaxStopSequences)
        {
            return Invalid("stop_sequences", prompt.StopSequences.Count, $"at most {MaxStopSequences} texts");
        }

        if (prompt.StopSequences.Any(string.IsNullOrEmpty))
        {
            return new RequestError(ErrorCode.InvalidRequest, "stop_sequences holds an empty text, which would end every answer at once.");
        }

        foreach (TokenBias bias in prompt.LogitBias)
        {
            if ((uint)bias.Token >= (uint)vocabularySize)
            {
                return Invalid("logit_bias token", bias.Token, $"from 0 to {vocabularySize - 1}");
            }

            if (CheckRange("logit_bias bias", bias.Bias, -1e6, 1e6) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>The refusal of a value outside its range, or null. NaN, which is neither below nor above anything, is outside.</summary>
    internal static RequestError? CheckRange(string name, double value, double from, double to) =>
        value >= from && value <= to ? null : Invalid(name, value, string.Create(CultureInfo.InvariantCulture, $"from {from} to {to}"));

    private static RequestError Invalid(string name, double value, string rule) => new(
        ErrorCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be {rule}."));

    private static RequestError Unsupported(string what) => new(ErrorCode.Unsupported, $"This engine does not support {what}.");
}
