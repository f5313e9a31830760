using Orchard.Validation;

namespace Orchard;

/// <summary>Checks the values of <see cref="GenerationOptions"/> and their combinations.</summary>
internal static class GenerationOptionsRules
{
    private const int MaxStopSequences = 64;
    private const int MaxLogitBiases = 4096;
    private const int MaxLoraAdapters = 16;
    private const int MaxTemplateVariables = 256;

    /// <exception cref="ArgumentException">
    /// A value is not allowed. The message names the option, its value and the allowed values.
    /// </exception>
    public static void Check(GenerationOptions options)
    {
        if (options.MaxOutputTokens is { } max)
        {
            OptionRange.Require(
                max is >= 1 and <= GenerationOptions.MaxOutputTokensLimit,
                max,
                "1 to 1048576, or null for no limit",
                nameof(options.MaxOutputTokens));
        }

        CheckSampling(options);
        CheckPenalties(options);
        CheckCandidates(options);
        CheckTemplate(options);
        CheckAdapters(options);
        CheckFormat(options);
        ToolOptionsRules.Check(options);
        OptionRange.ThrowIf(
            options is { EnableReasoning: false, ReasoningEffort: not null },
            nameof(options.ReasoningEffort),
            $"ReasoningEffort is {options.ReasoningEffort}, but EnableReasoning is false. Set one of them to null.");
        CheckStopSequences(options);
        OptionRange.RequireKeepAlive(options.KeepAlive, nameof(options.KeepAlive));
    }

    private static void CheckSampling(GenerationOptions options)
    {
        Require(options.Temperature is null or (>= 0 and <= 10), options.Temperature, "0 to 10", nameof(options.Temperature));
        Require(options.TopP is null or (>= 0 and <= 1), options.TopP, "0 to 1", nameof(options.TopP));
        Require(options.TopK is null or >= 0, options.TopK, "0 (all tokens) or more", nameof(options.TopK));
        Require(options.MinP is null or (>= 0 and <= 1), options.MinP, "0 to 1", nameof(options.MinP));
        Require(options.TypicalP is null or (> 0 and <= 1), options.TypicalP, "above 0 to 1", nameof(options.TypicalP));
        options.Mirostat?.Validate();
        options.Dry?.Validate();
        options.Xtc?.Validate();
        OptionRange.Require(
            options.LogitBias is { Count: <= MaxLogitBiases },
            options.LogitBias?.Count,
            "a dictionary of at most 4096 tokens",
            nameof(options.LogitBias));
        foreach ((int token, double bias) in options.LogitBias!)
        {
            OptionRange.Require(token >= 0, token, "token ids of 0 or more", nameof(options.LogitBias));
            OptionRange.Require(bias is >= -100 and <= 100, bias, "-100 to 100", nameof(options.LogitBias));
        }
    }

    private static void CheckPenalties(GenerationOptions options)
    {
        Require(
            options.RepetitionPenalty is null or (> 0 and <= 10),
            options.RepetitionPenalty,
            "above 0 to 10",
            nameof(options.RepetitionPenalty));
        Require(
            options.FrequencyPenalty is null or (>= -2 and <= 2),
            options.FrequencyPenalty,
            "-2 to 2",
            nameof(options.FrequencyPenalty));
        Require(options.PresencePenalty is null or (>= -2 and <= 2), options.PresencePenalty, "-2 to 2", nameof(options.PresencePenalty));
        Require(
            options.PenaltyWindow is null or (>= 0 and <= GenerationOptions.PenaltyWindowLimit),
            options.PenaltyWindow,
            "0 to 65536",
            nameof(options.PenaltyWindow));
    }

    private static void CheckCandidates(GenerationOptions options)
    {
        OptionRange.Require(
            options.CandidateCount is >= 1 and <= GenerationOptions.CandidateLimit,
            options.CandidateCount,
            "1 to 128",
            nameof(options.CandidateCount));
        if (options.BestOf is { } bestOf)
        {
            OptionRange.Require(
                bestOf >= options.CandidateCount && bestOf <= GenerationOptions.CandidateLimit,
                bestOf,
                $"{options.CandidateCount} (CandidateCount) to 128, or null",
                nameof(options.BestOf));
        }

        OptionRange.Require(options.TopLogprobs is >= 0 and <= 20, options.TopLogprobs, "0 to 20", nameof(options.TopLogprobs));
    }

    private static void CheckTemplate(GenerationOptions options)
    {
        OptionRange.ThrowIf(
            options.ChatTemplate is { } template && (string.IsNullOrWhiteSpace(template) || !Utf16.IsWellFormed(template)),
            nameof(options.ChatTemplate),
            $"ChatTemplate is '{options.ChatTemplate}'; allowed is the name of one of the model's templates, a Jinja template "
            + "without unpaired surrogates, or null.");
        OptionRange.Require(
            options.TemplateVariables is { Count: <= MaxTemplateVariables },
            options.TemplateVariables?.Count,
            "a dictionary of at most 256 variables",
            nameof(options.TemplateVariables));
        foreach (string name in options.TemplateVariables!.Keys)
        {
            OptionRange.ThrowIf(
                name.Length == 0 || name is "messages" or "tools",
                nameof(options.TemplateVariables),
                $"TemplateVariables contains the name '{name}'; allowed is any name except an empty one, 'messages' and 'tools'.");
        }
    }

    private static void CheckAdapters(GenerationOptions options)
    {
        OptionRange.Require(
            options.LoraAdapters is { Count: <= MaxLoraAdapters },
            options.LoraAdapters?.Count,
            "a list of at most 16 adapters",
            nameof(options.LoraAdapters));
        foreach (LoraAdapter? adapter in options.LoraAdapters!)
        {
            OptionRange.ThrowIf(adapter is null, nameof(options.LoraAdapters), "LoraAdapters contains null.");
            adapter!.Validate();
        }
    }

    private static void CheckFormat(GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.ResponseFormat);
        OptionRange.ThrowIf(
            options.ResponseFormat.IsConstrained && options.StopSequences is { Count: > 0 },
            nameof(options.StopSequences),
            $"StopSequences cannot be combined with the format '{options.ResponseFormat.Type}', because they could cut the answer short. "
            + "Remove one of the two.");
        OptionRange.ThrowIf(
            options.ResponseFormat.IsConstrained && options.IgnoreEndOfSequence,
            nameof(options.IgnoreEndOfSequence),
            $"IgnoreEndOfSequence cannot be combined with the format '{options.ResponseFormat.Type}', "
            + "which determines where the answer ends.");
    }

    private static void CheckStopSequences(GenerationOptions options)
    {
        OptionRange.Require(
            options.StopSequences is { Count: <= MaxStopSequences },
            options.StopSequences?.Count,
            "a list of at most 64 strings",
            nameof(options.StopSequences));
        OptionRange.ThrowIf(
            options.StopSequences!.Any(static stop => string.IsNullOrEmpty(stop) || !Utf16.IsWellFormed(stop)),
            nameof(options.StopSequences),
            "A stop sequence must be a non-empty string without unpaired surrogates.");
    }

    private static void Require(bool condition, object? value, string range, string name) =>
        OptionRange.Require(condition, value, $"{range}, or null for the default", name);
}
