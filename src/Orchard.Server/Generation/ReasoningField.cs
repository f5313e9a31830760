using System.Text.Json;

namespace Orchard.Server.Generation;

/// <summary>
/// Reads how much a model reasons: OpenAI's effort as text or in an object, Ollama's <c>think</c> and Anthropic's <c>thinking</c>. Pure.
/// </summary>
internal static class ReasoningField
{
    private const string Allowed =
        "a boolean, none, minimal, low, medium, high, xhigh or max, or an object with an effort, type or enabled";

    /// <summary>Returns the options with the field applied.</summary>
    public static GenerationOptions Apply(GenerationOptions options, Field field) => field.Value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => Switch(options, field.ToBool()),
        JsonValueKind.String => OfName(options, field),
        JsonValueKind.Object => OfObject(options, field),
        _ => throw field.Invalid(Allowed),
    };

    private static GenerationOptions OfObject(GenerationOptions options, Field field)
    {
        if (field.Member("effort") is { IsAbsent: false } effort)
        {
            return OfName(options, effort);
        }

        if (field.Member("enabled") is { IsAbsent: false } enabled)
        {
            return Switch(options, enabled.ToBool());
        }

        return field.Member("type") is { IsAbsent: false } type
            ? type.ToText() switch
            {
                "enabled" => Switch(options, true),
                "disabled" => Switch(options, false),
                "adaptive" => options,
                _ => throw type.Invalid("enabled, disabled or adaptive"),
            }
            : options;
    }

    private static GenerationOptions OfName(GenerationOptions options, Field field) => field.ToText() switch
    {
        "none" => Switch(options, false),
        "minimal" => Effort(options, ReasoningEffort.Minimal),
        "low" => Effort(options, ReasoningEffort.Low),
        "medium" => Effort(options, ReasoningEffort.Medium),
        "high" or "xhigh" or "max" => Effort(options, ReasoningEffort.High),
        _ => throw field.Invalid("none, minimal, low, medium, high, xhigh or max"),
    };

    private static GenerationOptions Switch(GenerationOptions options, bool isOn) =>
        options with { EnableReasoning = isOn, ReasoningEffort = isOn ? options.ReasoningEffort : null };

    private static GenerationOptions Effort(GenerationOptions options, ReasoningEffort effort) =>
        options with { ReasoningEffort = effort, EnableReasoning = null };
}
