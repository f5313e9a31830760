using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>
/// Reads options that Microsoft.Extensions.AI has no property for from <see cref="ChatOptions.AdditionalProperties"/>, under their common
/// names in any spelling: <c>min_p</c>, <c>minP</c>, <c>min-p</c>. Names that are no generation options may belong to middleware or concern
/// how another engine runs a model, and are ignored.
/// </summary>
internal static class AdditionalOptions
{
    private delegate GenerationOptions Apply(GenerationOptions options, AdditionalProperty property);

    // Several names of one option are those that llama.cpp, vLLM and OpenAI use.
    private static readonly Dictionary<string, Apply> Known = new()
    {
        ["format"] = static (options, property) => options with { ResponseFormat = FormatProperty.Of(property) },
        ["frequencypenalty"] = static (options, property) => options with { FrequencyPenalty = property.ToDouble() },
        ["grammar"] = static (options, property) => options with { ResponseFormat = ResponseFormat.Grammar(property.ToText()) },
        ["guidedchoice"] = static (options, property) => options with { ResponseFormat = FormatProperty.OfChoices(property) },
        ["guidedgrammar"] = static (options, property) => options with { ResponseFormat = ResponseFormat.Grammar(property.ToText()) },
        ["guidedjson"] = static (options, property) => options with { ResponseFormat = FormatProperty.Of(property) },
        ["guidedregex"] = static (options, property) => options with { ResponseFormat = ResponseFormat.Regex(property.ToText()) },
        ["jsonschema"] = static (options, property) => options with { ResponseFormat = FormatProperty.Of(property) },
        ["keepalive"] = static (options, property) => options with { KeepAlive = KeepAliveProperty.Of(property) },
        ["maxcompletiontokens"] = static (options, property) =>
            options with { MaxOutputTokens = CommonValues.ToMaxOutputTokens(property.ToInt()) },
        ["maxnewtokens"] = static (options, property) =>
            options with { MaxOutputTokens = CommonValues.ToMaxOutputTokens(property.ToInt()) },
        ["maxoutputtokens"] = static (options, property) =>
            options with { MaxOutputTokens = CommonValues.ToMaxOutputTokens(property.ToInt()) },
        ["maxtokens"] = static (options, property) => options with { MaxOutputTokens = CommonValues.ToMaxOutputTokens(property.ToInt()) },
        ["npredict"] = static (options, property) => options with { MaxOutputTokens = CommonValues.ToNumPredict(property.ToInt()) },
        ["numpredict"] = static (options, property) => options with { MaxOutputTokens = CommonValues.ToNumPredict(property.ToInt()) },
        ["paralleltoolcalls"] = static (options, property) => options with { MaxToolCalls = property.ToBool() ? options.MaxToolCalls : 1 },
        ["presencepenalty"] = static (options, property) => options with { PresencePenalty = property.ToDouble() },
        ["responseformat"] = static (options, property) => options with { ResponseFormat = FormatProperty.Of(property) },
        ["seed"] = static (options, property) => options with { Seed = CommonValues.ToSeed(property.ToLong()) },
        ["stop"] = Stop,
        ["stopsequences"] = Stop,
        ["temperature"] = static (options, property) => options with { Temperature = property.ToDouble() },
        ["think"] = Think,
        ["topk"] = static (options, property) => options with { TopK = CommonValues.ToTopK(property.ToInt()) },
        ["topp"] = static (options, property) => options with { TopP = property.ToDouble() },
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

    // Generation options of other engines that Orchard does not have, with the values that switch them off: ignoring another value would
    // change the answer silently.
    private static readonly Dictionary<string, double[]> Refused = new()
    {
        ["dynatempexponent"] = [1],
        ["dynatemprange"] = [0],
        ["mintokens"] = [0, 1],
        ["minnewtokens"] = [0, 1],
        ["samplers"] = [],
        ["tfsz"] = [1],
        ["topnsigma"] = [-1, 0],
    };

    /// <summary>Returns the options, overridden by the properties, and the names of the properties that have no effect.</summary>
    /// <exception cref="NotSupportedException">
    /// A property requests something that Orchard does not support. The message names it.
    /// </exception>
    /// <exception cref="ArgumentException">A property is misspelt, or its value is invalid. The message names it.</exception>
    public static (GenerationOptions Options, IReadOnlyList<string> Ignored) ApplyTo(
        GenerationOptions options, AdditionalPropertiesDictionary? properties)
    {
        var ignored = new List<string>();

        // In descending order, so that "mirostat", which can switch the group off, comes after the options of the group.
        foreach (AdditionalProperty property in Flatten(properties ?? [])
            .OrderByDescending(property => Normalize(property.Name), StringComparer.Ordinal))
        {
            string key = Normalize(property.Name);
            if (Known.TryGetValue(key, out Apply? apply))
            {
                options = apply(options, property);
            }
            else if (Refused.TryGetValue(key, out double[]? neutral) && !neutral.Any(property.IsNumber))
            {
                throw new NotSupportedException($"{property} is set, but Orchard does not support it.");
            }
            else if (!Refused.ContainsKey(key) && OptionSpelling.Suggest(key, Known.Keys.Concat(Refused.Keys)) is { } intended)
            {
                throw new ArgumentException(
                    $"{property} is not an option. Use '{intended}', or a name that cannot be taken for one.", nameof(properties));
            }
            else
            {
                ignored.Add(property.Name);
            }
        }

        return (options, ignored);
    }

    // Ollama's clients put the generation options into an object of that name, and others into the body that they add to.
    private static IEnumerable<AdditionalProperty> Flatten(IEnumerable<KeyValuePair<string, object?>> properties)
    {
        foreach ((string name, object? value) in properties)
        {
            if (value is null or JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined })
            {
                continue;
            }

            var property = new AdditionalProperty(name, value);
            if (Normalize(name) is "options" or "extrabody" && property.TryReadObject() is { } inner)
            {
                foreach (AdditionalProperty one in Flatten(inner))
                {
                    yield return one;
                }
            }
            else
            {
                yield return property;
            }
        }
    }

    private static ReasoningEffort ToEffort(AdditionalProperty property) =>
        Enum.TryParse(property.ToText(), ignoreCase: true, out ReasoningEffort effort)
            ? effort
            : throw new ArgumentException($"{property} is '{property.ToText()}'; it must be minimal, low, medium or high.");

    private static GenerationOptions Stop(GenerationOptions options, AdditionalProperty property) =>
        options with { StopSequences = CommonValues.ToStopSequences(property.ToTextOrTexts()) };

    // Ollama's switch is true, false or a level.
    private static GenerationOptions Think(GenerationOptions options, AdditionalProperty property) => property.Value switch
    {
        string or JsonElement { ValueKind: JsonValueKind.String } when !bool.TryParse(property.ToText(), out _) =>
            options with { EnableReasoning = true, ReasoningEffort = ToEffort(property) },
        _ => options with { EnableReasoning = property.ToBool(), ReasoningEffort = property.ToBool() ? options.ReasoningEffort : null },
    };

    // The numbers are those of llama.cpp.
    private static bool UsesMirostat(AdditionalProperty property) => property.ToInt() switch
    {
        0 => false,
        2 => true,
        var version => throw new NotSupportedException($"{property} is {version}; Orchard supports 2, and 0 for off."),
    };

    private static string Normalize(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
