using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>
/// Reads options that Microsoft.Extensions.AI has no property for from <see cref="ChatOptions.AdditionalProperties"/>, under their common
/// names in any spelling: <c>min_p</c>, <c>minP</c>, <c>min-p</c>. Names that are no generation options may belong to middleware and are
/// ignored.
/// </summary>
internal static class AdditionalOptions
{
    private delegate GenerationOptions Apply(GenerationOptions options, AdditionalProperty property);

    // Several names of one option are those that llama.cpp, vLLM and OpenAI use.
    private static readonly Dictionary<string, Apply> Known = new()
    {
        ["bestof"] = static (options, property) => options with { BestOf = property.ToInt() },
        ["candidatecount"] = static (options, property) => options with { CandidateCount = property.ToInt() },
        ["cacheprompt"] = static (options, property) => options with { UsePrefixCache = property.ToBool() },
        ["chattemplate"] = static (options, property) => options with { ChatTemplate = property.ToText() },
        ["chattemplatekwargs"] = static (options, property) => options with { TemplateVariables = property.ToVariables() },
        ["deterministic"] = static (options, property) => options with { IsDeterministic = property.ToBool() },
        ["dryallowedlength"] = static (options, property) =>
            options with { Dry = (options.Dry ?? new()) with { AllowedLength = property.ToInt() } },
        ["drybase"] = static (options, property) => options with { Dry = (options.Dry ?? new()) with { Base = property.ToDouble() } },
        ["drymultiplier"] = static (options, property) =>
            options with { Dry = (options.Dry ?? new()) with { Multiplier = property.ToDouble() } },
        ["drypenaltylastn"] = static (options, property) =>
            options with { Dry = (options.Dry ?? new()) with { Window = property.ToInt() } },
        ["drysequencebreakers"] = static (options, property) =>
            options with { Dry = (options.Dry ?? new()) with { SequenceBreakers = property.ToTexts() } },
        ["enablereasoning"] = static (options, property) => options with { EnableReasoning = property.ToBool() },
        ["enablethinking"] = static (options, property) => options with { EnableReasoning = property.ToBool() },
        ["ignoreendofsequence"] = static (options, property) => options with { IgnoreEndOfSequence = property.ToBool() },
        ["ignoreeos"] = static (options, property) => options with { IgnoreEndOfSequence = property.ToBool() },
        ["includelogprobs"] = static (options, property) => options with { IncludeLogprobs = property.ToBool() },
        ["includestopsequence"] = static (options, property) => options with { IncludeStopSequence = property.ToBool() },
        ["includestopstrinoutput"] = static (options, property) => options with { IncludeStopSequence = property.ToBool() },
        ["keepstopstring"] = static (options, property) => options with { IncludeStopSequence = property.ToBool() },
        ["logitbias"] = static (options, property) => options with { LogitBias = property.ToBias() },
        ["logprobs"] = static (options, property) => options with { IncludeLogprobs = property.ToBool() },
        ["isdeterministic"] = static (options, property) => options with { IsDeterministic = property.ToBool() },
        ["lora"] = static (options, property) => options with { LoraAdapters = property.ToAdapters() },
        ["loraadapters"] = static (options, property) => options with { LoraAdapters = property.ToAdapters() },
        ["maxtoolcalls"] = static (options, property) => options with { MaxToolCalls = property.ToInt() },
        ["minp"] = static (options, property) => options with { MinP = property.ToDouble() },
        ["mintoolcalls"] = static (options, property) => options with { MinToolCalls = property.ToInt() },
        ["mirostat"] = static (options, property) => options with { Mirostat = UsesMirostat(property) ? options.Mirostat ?? new() : null },
        ["mirostateta"] = static (options, property) =>
            options with { Mirostat = (options.Mirostat ?? new()) with { Eta = property.ToDouble() } },
        ["mirostattau"] = static (options, property) =>
            options with { Mirostat = (options.Mirostat ?? new()) with { Tau = property.ToDouble() } },
        ["n"] = static (options, property) => options with { CandidateCount = property.ToInt() },
        ["numcandidates"] = static (options, property) => options with { CandidateCount = property.ToInt() },
        ["penaltywindow"] = static (options, property) => options with { PenaltyWindow = property.ToInt() },
        ["prefillprogress"] = static (options, property) => options with { PrefillProgress = property.ToPrefillListener() },
        ["prefixcache"] = static (options, property) => options with { UsePrefixCache = property.ToBool() },
        ["reasoningeffort"] = static (options, property) => options with { ReasoningEffort = ToEffort(property) },
        ["repeatlastn"] = static (options, property) => options with { PenaltyWindow = property.ToInt() },
        ["repeatpenalty"] = static (options, property) => options with { RepetitionPenalty = property.ToDouble() },
        ["repetitionpenalty"] = static (options, property) => options with { RepetitionPenalty = property.ToDouble() },
        ["repetitioncontextsize"] = static (options, property) => options with { PenaltyWindow = property.ToInt() },
        ["templatevariables"] = static (options, property) => options with { TemplateVariables = property.ToVariables() },
        ["toplogprobs"] = static (options, property) => options with { TopLogprobs = property.ToInt() },
        ["typical"] = static (options, property) => options with { TypicalP = property.ToDouble() },
        ["typicalp"] = static (options, property) => options with { TypicalP = property.ToDouble() },
        ["useprefixcache"] = static (options, property) => options with { UsePrefixCache = property.ToBool() },
        ["xtcprobability"] = static (options, property) =>
            options with { Xtc = (options.Xtc ?? new()) with { Probability = property.ToDouble() } },
        ["xtcthreshold"] = static (options, property) =>
            options with { Xtc = (options.Xtc ?? new()) with { Threshold = property.ToDouble() } },
    };

    // Generation options of other engines that Orchard does not have: ignoring them would change the answer silently.
    private static readonly HashSet<string> Refused =
    [
        "dynatempexponent", "dynatemprange", "grammar", "guidedjson", "jsonschema", "penalizenl", "samplers", "tfsz",
        "topnsigma",
    ];

    /// <summary>Returns the options, overridden by the properties.</summary>
    /// <exception cref="NotSupportedException">
    /// A property requests something that Orchard does not support. The message names it.
    /// </exception>
    /// <exception cref="ArgumentException">The value of a property is invalid. The message names it.</exception>
    public static GenerationOptions ApplyTo(GenerationOptions options, AdditionalPropertiesDictionary? properties)
    {
        // In descending order, so that "mirostat", which can switch the group off, comes after the options of the group.
        foreach ((string name, object? value) in (properties ?? [])
            .OrderByDescending(property => Normalize(property.Key), StringComparer.Ordinal))
        {
            if (value is null)
            {
                continue;
            }

            var property = new AdditionalProperty(name, value);
            string key = Normalize(name);
            if (Known.TryGetValue(key, out Apply? apply))
            {
                options = apply(options, property);
            }
            else if (Refused.Contains(key))
            {
                throw new NotSupportedException($"{property} is set, but Orchard does not support it.");
            }
        }

        return options;
    }

    private static ReasoningEffort ToEffort(AdditionalProperty property) =>
        Enum.TryParse(property.ToText(), ignoreCase: true, out ReasoningEffort effort)
            ? effort
            : throw new ArgumentException($"{property} is '{property.ToText()}'; it must be minimal, low, medium or high.");

    // The numbers are those of llama.cpp.
    private static bool UsesMirostat(AdditionalProperty property) => property.ToInt() switch
    {
        0 => false,
        2 => true,
        var version => throw new NotSupportedException($"{property} is {version}; Orchard supports 2, and 0 for off."),
    };

    private static string Normalize(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
