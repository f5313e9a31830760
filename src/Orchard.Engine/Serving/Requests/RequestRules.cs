using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Media;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Checks whether this engine can serve a request.</summary>
internal static class RequestRules
{
    /// <summary>Most sequences per request: prompts times candidates.</summary>
    public const int MaxSequences = 4096;

    public const int MaxStopSequences = 256;

    /// <summary>Upper limit of <c>top_logprobs</c>.</summary>
    public const int MaxTopLogprobs = 100;

    /// <summary>Returns the number of sequences of a request, or <see cref="MaxSequences"/> plus one if there are more.</summary>
    public static int CountSequences(WireRequest request)
    {
        long count = 0;
        foreach (WirePrompt prompt in request.Prompts)
        {
            count = Math.Min(count + prompt.CandidateCount, MaxSequences + 1);
        }

        return (int)count;
    }

    /// <summary>Returns the first reason to refuse the request, or null.</summary>
    public static RequestError? Check(WireRequest request, int vocabularySize)
    {
        if (CheckKind(request) is { } kind)
        {
            return kind;
        }

        var seen = new HashSet<int>();
        foreach (WirePrompt prompt in request.Prompts)
        {
            RequestError? error = !seen.Add(prompt.PromptIndex)
                ? ValueRules.Invalid("prompt_index", prompt.PromptIndex, "unique")
                : CheckFeatures(prompt)
                    ?? CheckNumbers(prompt)
                    ?? ExtensionRules.Check(prompt.Extensions)
                    ?? CheckLists(prompt, vocabularySize);
            if (error is { } found)
            {
                return found with { Message = $"Prompt {prompt.PromptIndex}: {found.Message}" };
            }
        }

        return null;
    }

    /// <summary>Returns an error if a prompt must be deterministic and cannot be, or null.</summary>
    public static RequestError? CheckDeterministic(WireRequest request, bool isPossible) =>
        isPossible || !request.Prompts.Any(static prompt => prompt.Deterministic)
            ? null
            : new RequestError(
                ErrorCode.Unsupported,
                $"The request must be deterministic, but the engine runs with {DecoderOverrides.CacheLayoutVariable}=unified, where other "
                + $"sequences change the last bits of a result. Start the engine without {DecoderOverrides.CacheLayoutVariable}.");

    /// <summary>Returns an error if the prompts have images or sound that the model does not take, or null.</summary>
    public static RequestError? CheckMedia(WireRequest request, IMediaProjector? projector, string? problem)
    {
        int parts = request.Prompts.Select(static prompt => prompt.Images.Count + prompt.Audio.Count).DefaultIfEmpty().Max();
        bool hasImages = request.Prompts.Any(static prompt => prompt.Images.Count > 0);
        bool hasSounds = request.Prompts.Any(static prompt => prompt.Audio.Count > 0);
        MediaKind? kind = hasImages && projector?.Takes(MediaKind.Image) != true ? MediaKind.Image
            : hasSounds && projector?.Takes(MediaKind.Audio) != true ? MediaKind.Audio
            : null;
        return parts == 0 ? null
            : parts > MediaLimits.PartsPerPrompt
                ? ValueRules.Invalid("The number of images and sounds of a prompt", parts, $"at most {MediaLimits.PartsPerPrompt}")
            : request.Type != RequestType.Generation
                ? new RequestError(ErrorCode.Unsupported, "Embeddings of images and sound are not supported; embed texts.")
            : kind is { } missing ? new RequestError(ErrorCode.Unsupported, WhyNot(request.ModelId, missing, projector, problem))
            : null;
    }

    private static string WhyNot(string model, MediaKind kind, IMediaProjector? projector, string? problem)
    {
        string what = kind == MediaKind.Audio ? "sound" : "images";
        return projector is not null ? $"The model '{model}' does not take {what}: its projector '{projector.Path}' has no encoder for it."
            : problem is not null ? $"The model '{model}' does not take {what}. {problem}"
            : $"The model '{model}' does not take {what}: it was loaded without a projector. Put the projector of the model (mmproj*.gguf) "
                + "beside its file, or specify it when the model is loaded.";
    }

    private static RequestError? CheckKind(WireRequest request)
    {
        if (request.Type is not (RequestType.Generation or RequestType.Embedding))
        {
            string name = Enum.IsDefined(request.Type) ? $" ({request.Type})" : "";
            return Unsupported($"requests of type {(int)request.Type}{name}; it supports type 0 (generation) and type 1 (embedding)");
        }

        if (request.Prompts.Count == 0)
        {
            return new RequestError(ErrorCode.InvalidRequest, "The request has no prompts.");
        }

        if (CountSequences(request) > MaxSequences)
        {
            return new RequestError(
                ErrorCode.InvalidRequest,
                $"The request needs more than {MaxSequences} sequences (prompts times candidates); split it into several requests.");
        }

        return null;
    }

    private static RequestError? CheckFeatures(WirePrompt prompt)
    {
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

    private static RequestError? CheckNumbers(WirePrompt prompt) =>
        ValueRules.CheckRange("temperature", prompt.Temperature, 0, 1000)
        ?? ValueRules.CheckRange("top_p", prompt.TopP, 0, 1)
        ?? ValueRules.CheckRange("min_p", prompt.MinP, 0, 1)
        ?? ValueRules.CheckRange("frequency_penalty", prompt.FrequencyPenalty, -1000, 1000)
        ?? ValueRules.CheckRange("presence_penalty", prompt.PresencePenalty, -1000, 1000)
        ?? ValueRules.CheckRange("repetition_penalty", prompt.RepetitionPenalty, 0, 1000)
        ?? ValueRules.CheckRange("repetition_context_size", prompt.RepetitionContextSize, 0, int.MaxValue)
        ?? ValueRules.CheckRange("top_logprobs", prompt.TopLogprobs, 0, MaxTopLogprobs)
        ?? ValueRules.CheckRange("max_generated_tokens", prompt.MaxGeneratedTokens, 0, int.MaxValue)
        ?? ValueRules.CheckRange("prompt_index", prompt.PromptIndex, 0, int.MaxValue);

    private static RequestError? CheckLists(WirePrompt prompt, int vocabularySize)
    {
        if (prompt.StopSequences.Count > MaxStopSequences)
        {
            return ValueRules.Invalid("stop_sequences", prompt.StopSequences.Count, $"at most {MaxStopSequences} texts");
        }

        if (prompt.StopSequences.Any(string.IsNullOrEmpty))
        {
            return new RequestError(
                ErrorCode.InvalidRequest, "stop_sequences contains an empty text, which would end every output immediately.");
        }

        foreach (TokenBias bias in prompt.LogitBias)
        {
            if ((uint)bias.Token >= (uint)vocabularySize)
            {
                return ValueRules.Invalid("The token of an entry in logit_bias", bias.Token, $"from 0 to {vocabularySize - 1}");
            }

            if (ValueRules.CheckRange("The bias of an entry in logit_bias", bias.Bias, -1e6, 1e6) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static RequestError Unsupported(string what) => new(ErrorCode.Unsupported, $"This engine does not support {what}.");
}
