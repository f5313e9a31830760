using System.Globalization;
using System.Text.Json;

namespace Orchard.Cli.Chat;

/// <summary>All settings of answers.</summary>
internal static class Settings
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        Number("temperature", "Randomness, from 0; at 0 always the most likely token", (o, v) => o with { Temperature = v }),
        Number("top-p", "Only the most likely tokens that together have this probability", (o, v) => o with { TopP = v }),
        Integer("top-k", "Only this many of the most likely tokens", (o, v) => o with { TopK = v }),
        Number("min-p", "Only tokens at least this likely, relative to the most likely one", (o, v) => o with { MinP = v }),
        Integer("max-tokens", "The most tokens of an answer", (o, v) => o with { MaxOutputTokens = v }),
        Integer("seed", "Makes answers repeatable", (o, v) => o with { Seed = checked((uint)v) }),
        new("stop", "TEXT", "Ends the answer before this text; can be given several times", (o, v) => o with { StopSequences = v }),
        Number("repetition-penalty", "Above 1 makes repetitions less likely", (o, v) => o with { RepetitionPenalty = v }),
        Number("presence-penalty", "Makes tokens that have occurred less likely", (o, v) => o with { PresencePenalty = v }),
        Number("frequency-penalty", "Makes tokens less likely the more often they occur", (o, v) => o with { FrequencyPenalty = v }),
        Single("reasoning", "off|on|minimal|low|medium|high", "Whether and how much the model reasons before it answers", Reasoning),
        Single("format", "text|json|FILE", "Form of the answers: text, a JSON object, or what the JSON Schema in a file allows", Format),
        Single("keep-alive", "SECONDS", "How long the model stays loaded; -1 for always", (o, v) => o with { KeepAlive = KeepAlive(v) }),
    ];

    /// <summary>Returns the setting with this name; null if there is none.</summary>
    public static Setting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);

    /// <summary>Returns the options with these settings.</summary>
    /// <exception cref="UsageException">A value is none of the setting.</exception>
    public static GenerationOptions ToOptions(IReadOnlyDictionary<string, IReadOnlyList<string>> values) =>
        All.Where(setting => values.ContainsKey(setting.Name)).Aggregate(
            new GenerationOptions { IgnoreUnsupportedReasoning = true },
            (options, setting) => Apply(options, setting, values[setting.Name]));

    /// <summary>Returns the options with a setting changed.</summary>
    /// <exception cref="UsageException">A value is none of the setting.</exception>
    public static GenerationOptions Apply(GenerationOptions options, Setting setting, IReadOnlyList<string> values)
    {
        try
        {
            return setting.Apply(options, values);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new UsageException($"'{string.Join(' ', values)}' is not a value of {setting.Name}; expected {setting.Values}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new UsageException($"{setting.Name} cannot be '{string.Join(' ', values)}': {e.Message}");
        }
    }

    private static Setting Single(
        string name, string values, string description, Func<GenerationOptions, string, GenerationOptions> apply) =>
        new(name, values, description, (options, given) => apply(options, given[^1]));

    private static GenerationOptions Reasoning(GenerationOptions options, string value) => value switch
    {
        "off" => options with { EnableReasoning = false, ReasoningEffort = null },
        "on" => options with { EnableReasoning = true, ReasoningEffort = null },
        "minimal" or "low" or "medium" or "high" =>
            options with { EnableReasoning = true, ReasoningEffort = Enum.Parse<ReasoningEffort>(value, ignoreCase: true) },
        _ => throw new FormatException(),
    };

    private static GenerationOptions Format(GenerationOptions options, string value) => options with
    {
        ResponseFormat = value switch
        {
            "text" => ResponseFormat.Text,
            "json" => ResponseFormat.JsonObject,
            _ => ResponseFormat.JsonSchema(File.ReadAllText(value)),
        },
    };

    private static TimeSpan KeepAlive(string value) => ParseNumber(value) switch
    {
        -1 => Timeout.InfiniteTimeSpan,
        >= 0 and <= int.MaxValue and var seconds => TimeSpan.FromSeconds(seconds),
        _ => throw new FormatException(),
    };

    private static Setting Number(string name, string description, Func<GenerationOptions, double, GenerationOptions> apply) =>
        Single(name, "NUMBER", description, (options, value) => apply(options, ParseNumber(value)));

    private static Setting Integer(string name, string description, Func<GenerationOptions, int, GenerationOptions> apply) => Single(
        name,
        "N",
        description,
        (options, value) => apply(options, int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)));

    private static double ParseNumber(string value) =>
        double.Parse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
