using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Orchard;

/// <summary>
/// Options that Microsoft.Extensions.AI has no property for, found among <see cref="ChatOptions.AdditionalProperties"/> under the names
/// that the field uses, in any spelling: <c>min_p</c>, <c>minP</c>, <c>min-p</c>. Names that are no option of generation belong to others, such as middleware,
/// and are left alone.
/// </summary>
internal static class AdditionalOptions
{
    // An option is one line here, and no longer one of the refused below.
    private static readonly Dictionary<string, Func<GenerationOptions, Property, GenerationOptions>> Known = new()
    {
        ["deterministic"] = static (options, property) => options with { Deterministic = property.ToBoolean() },
        ["ignoreeos"] = static (options, property) => options with { IgnoreEndOfSequence = property.ToBoolean() },
        ["minp"] = static (options, property) => options with { MinP = property.ToDouble() },
        ["prefixcache"] = static (options, property) => options with { PrefixCache = property.ToBoolean() },
        ["repeatpenalty"] = static (options, property) => options with { RepetitionPenalty = property.ToDouble() },
        ["repetitionpenalty"] = static (options, property) => options with { RepetitionPenalty = property.ToDouble() },
        ["typical"] = static (options, property) => options with { TypicalP = property.ToDouble() },
        ["typicalp"] = static (options, property) => options with { TypicalP = property.ToDouble() },
    };

    // What a caller who says this would miss. Some can be had with the options that the factory of raw representations gives.
    private static readonly HashSet<string> Refused =
    [
        "bestof", "dryallowedlength", "drybase", "drymultiplier", "dynatemprange", "grammar", "logitbias", "logprobs", "mirostat",
        "mirostateta", "mirostattau", "n", "numcandidates", "penalizenl", "reasoningeffort", "repeatlastn", "repetitioncontextsize",
        "tfsz", "toplogprobs", "topnsigma", "xtcprobability", "xtcthreshold",
    ];

    /// <summary>The options with what the properties say.</summary>
    public static GenerationOptions Apply(GenerationOptions options, AdditionalPropertiesDictionary? properties)
    {
        foreach ((string name, object? value) in properties ?? [])
        {
            string key = Normalize(name);
            if (value is null)
            {
                continue;
            }

            if (Known.TryGetValue(key, out Func<GenerationOptions, Property, GenerationOptions>? apply))
            {
                options = apply(options, new Property(name, value));
            }
            else if (Refused.Contains(key))
            {
                throw new NotSupportedException(
                    $"{Describe(name)} is set, but Orchard does not support it there. If {nameof(GenerationOptions)} has it, give those by "
                    + $"{nameof(ChatOptions)}.{nameof(ChatOptions.RawRepresentationFactory)}.");
            }
        }

        return options;
    }

    private static string Normalize(string name) =>
        string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private static string Describe(string name) => $"{nameof(ChatOptions)}.{nameof(ChatOptions.AdditionalProperties)}[\"{name}\"]";

    /// <summary>One property: numbers of all types, and JSON as it comes when options were read from it.</summary>
    private readonly record struct Property(string Name, object Value)
    {
        public double ToDouble() => Value switch
        {
            JsonElement { ValueKind: JsonValueKind.Number } json => json.GetDouble(),
            double or float or decimal or int or long => Convert.ToDouble(Value, CultureInfo.InvariantCulture),
            _ => throw new ArgumentException($"{Describe(Name)} is '{Value}', a {Value.GetType()}; it must be a number."),
        };

        public bool ToBoolean() => Value switch
        {
            bool value => value,
            JsonElement { ValueKind: JsonValueKind.True } => true,
            JsonElement { ValueKind: JsonValueKind.False } => false,
            _ => throw new ArgumentException($"{Describe(Name)} is '{Value}', a {Value.GetType()}; it must be true or false."),
        };
    }
}
