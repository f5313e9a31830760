using System.Text.Json;
using Orchard.Templates.Values;

namespace Orchard.Formatting;

/// <summary>What a model's chat template does with the parts of a conversation that not every template knows.</summary>
/// <param name="System">Whether a system message shows in the prompt.</param>
/// <param name="Tools">Whether a tool's description shows in the prompt.</param>
/// <param name="Thinking">Whether it makes a difference whether the model is to think.</param>
internal sealed record TemplateProbe(bool System, bool Tools, bool Thinking)
{
    /// <summary>The variable by which templates let it be chosen.</summary>
    public const string Switch = "enable_thinking";

    private const string Marker = "orchard_probe_7f3a";

    private static readonly string[] ThinkingSigns = ["<think>", "</think>", "reasoning_content", Switch];

    public static TemplateProbe Of(ChatFormatter formatter) => new(
        ShowsSystem(formatter, template: null),
        ShowsTools(formatter, formatter.Templates.Has("tool_use") ? "tool_use" : null),
        ProbeThinking(formatter));

    /// <summary>Whether a system message shows in what a template writes.</summary>
    public static bool ShowsSystem(ChatFormatter formatter, string? template) =>
        Render(formatter, Marker, template)?.Contains(Marker, StringComparison.Ordinal) == true;

    /// <summary>Whether a tool does.</summary>
    public static bool ShowsTools(ChatFormatter formatter, string? template)
    {
        using JsonDocument tool = JsonDocument.Parse(
            """[{"type":"function","function":{"name":"NAME","description":"Does nothing.","parameters":{"type":"object","properties":{}}}}]"""
                .Replace("NAME", Marker, StringComparison.Ordinal));
        return Render(formatter, null, template, ("tools", JsonValues.From(tool.RootElement)))?.Contains(Marker, StringComparison.Ordinal) == true;
    }

    /// <summary>Whether a template makes the model think when nothing is said about it.</summary>
    public static bool ThinksByDefault(ChatFormatter formatter, string? template) =>
        !formatter.Templates.SourceOf(template).Contains(Switch, StringComparison.Ordinal)
        || (Render(formatter, null, template, (Switch, TemplateValue.True)) is { } thinking
            && thinking == Render(formatter, null, template)
            && thinking != Render(formatter, null, template, (Switch, TemplateValue.False)));

    // Templates that always leave thinking to the model have no switch for it, but they write or look for its marks.
    private static bool ProbeThinking(ChatFormatter formatter) =>
        Array.Exists(ThinkingSigns, sign => formatter.Templates.Source.Contains(sign, StringComparison.Ordinal))
        || Render(formatter, null, null, (Switch, TemplateValue.True)) != Render(formatter, null, null, (Switch, TemplateValue.False));

    private static string? Render(ChatFormatter formatter, string? system, string? template = null, params ReadOnlySpan<(string Name, TemplateValue Value)> variables)
    {
        var given = new Dictionary<string, TemplateValue>(StringComparer.Ordinal);
        foreach ((string name, TemplateValue value) in variables)
        {
            given[name] = value;
        }

        try
        {
            IReadOnlyList<Message> messages = system is null ? [Message.User("Hi")] : [Message.System(system), Message.User("Hi")];
            return formatter.Render(messages, new PromptInputs { Template = template, Variables = given }).Text;
        }
        catch (ChatTemplateException)
        {
            return null; // it refuses such a conversation
        }
    }
}
