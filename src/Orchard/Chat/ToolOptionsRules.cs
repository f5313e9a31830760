using Orchard.Validation;

namespace Orchard;

/// <summary>Checks the options of tool calling.</summary>
internal static class ToolOptionsRules
{
    private const int MaxTools = 1024;
    private const int MaxCalls = 128;

    /// <exception cref="ArgumentException">
    /// The tools, the tool choice and the limits contradict each other. The message names the option.
    /// </exception>
    public static void Check(GenerationOptions options)
    {
        OptionRange.Require(
            options.Tools is { Count: <= MaxTools },
            options.Tools?.Count,
            "a list of at most 1024 tools",
            nameof(options.Tools));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Tool? tool in options.Tools!)
        {
            OptionRange.ThrowIf(tool is null, nameof(options.Tools), "Tools contains null.");
            OptionRange.ThrowIf(!names.Add(tool!.Name), nameof(options.Tools), $"Tools contains two tools with the name '{tool.Name}'.");
        }

        CheckChoice(options, names);
        CheckLimits(options);
    }

    private static void CheckChoice(GenerationOptions options, HashSet<string> names)
    {
        OptionRange.ThrowIf(options.ToolChoice is null, nameof(options.ToolChoice), "ToolChoice is null. Use ToolChoice.Auto.");
        ToolChoice choice = options.ToolChoice!;
        OptionRange.ThrowIf(
            choice.Kind is ToolChoiceKind.Required or ToolChoiceKind.Named && names.Count == 0,
            nameof(options.ToolChoice),
            "ToolChoice requires a tool call, but Tools is empty.");
        OptionRange.ThrowIf(
            choice.Name is { } name && !names.Contains(name),
            nameof(options.ToolChoice),
            $"ToolChoice names '{choice.Name}', which is not one of the Tools: {string.Join(", ", names)}.");
    }

    private static void CheckLimits(GenerationOptions options)
    {
        OptionRange.Require(options.MinToolCalls is >= 1 and <= MaxCalls, options.MinToolCalls, "1 to 128", nameof(options.MinToolCalls));
        if (options.MaxToolCalls is { } max)
        {
            OptionRange.Require(
                max >= options.MinToolCalls && max <= MaxCalls,
                max,
                $"{options.MinToolCalls} (MinToolCalls) to 128, or null",
                nameof(options.MaxToolCalls));
        }

        OptionRange.ThrowIf(
            options is { IgnoreEndOfSequence: true, Tools.Count: > 0 },
            nameof(options.IgnoreEndOfSequence),
            "IgnoreEndOfSequence cannot be combined with Tools, because a tool call ends the answer.");
    }
}
