using System.Text.Json;
using Orchard.Grammars.Nodes;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Output;

/// <summary>Which tools an output may call, and how often.</summary>
/// <param name="Tools">The tools.</param>
/// <param name="Min">How often at least, where it calls at all.</param>
/// <param name="Max">How often at most; null: as often as it likes.</param>
/// <param name="IsForced">Whether it must call, and say nothing else.</param>
internal sealed record CallRule(ToolSet Tools, int Min, int? Max, bool IsForced)
{
    /// <summary>The rule of a prompt; null when it has no tools, or they may not be called.</summary>
    /// <exception cref="ArgumentException">The choice is none, or cannot be met.</exception>
    public static CallRule? Find(PromptFrame prompt, ToolSet tools)
    {
        int min = Math.Max(prompt.MinToolCalls, 1);
        int? max = prompt.MaxToolCalls > 0 ? prompt.MaxToolCalls : null;
        if (max < min)
        {
            throw new ArgumentException($"max_tool_calls is {max}, but min_tool_calls is {min}.");
        }

        switch (prompt.ToolChoice)
        {
            case "none":
                return null;
            case "auto" or "":
                return tools.Count == 0 ? null : new CallRule(tools, min, max, IsForced: false);
            case "required":
                return tools.Count > 0
                    ? new CallRule(tools, min, max, IsForced: true)
                    : throw new ArgumentException("tool_choice asks for a call, but there are no tools.");
            default:
                string name = NameIn(prompt.ToolChoice);
                return tools.TryGet(name, out ToolSchema? tool)
                    ? new CallRule(ToolSet.Of(tool), min, max ?? min, IsForced: true)
                    : throw new ArgumentException($"tool_choice names '{name}', which is no tool of the request.");
        }
    }

    /// <summary>So many calls, with something between each two.</summary>
    public GrammarNode List(GrammarNode call, GrammarNode separator) =>
        GrammarNode.Sequence(call, GrammarNode.Repeat(GrammarNode.Sequence(separator, call), Min - 1, Max - 1));

    private static string NameIn(string choice)
    {
        if (!choice.StartsWith('{'))
        {
            throw new ArgumentException($"tool_choice is '{choice}'; it must be auto, none, required, or an object with the tool's name.");
        }

        try
        {
            using var document = JsonDocument.Parse(choice);
            JsonElement root = document.RootElement;
            JsonElement holder = root.TryGetProperty("function", out JsonElement function) && function.ValueKind == JsonValueKind.Object ? function : root;
            return holder.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String
                ? name.GetString()!
                : throw new ArgumentException($"tool_choice is {choice}, which has no name.");
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"tool_choice is no JSON: {e.Message}");
        }
    }
}
