using System.Text.Json;
using Orchard.Grammars.Nodes;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output.Calls;

/// <summary>The tools that an output may call, and how often.</summary>
/// <param name="Tools">The tools.</param>
/// <param name="Min">Minimum number of calls if there are any.</param>
/// <param name="Max">Maximum number of calls; null for no limit.</param>
/// <param name="IsForced">Whether the output must consist of calls only.</param>
internal sealed record CallRule(ToolSet Tools, int Min, int? Max, bool IsForced)
{
    /// <summary>Returns the rule of a prompt; null if it has no tools or must not call them.</summary>
    /// <exception cref="ArgumentException">The tool choice is invalid or cannot be satisfied.</exception>
    public static CallRule? Find(WirePrompt prompt, ToolSet tools)
    {
        int min = Math.Max(prompt.MinToolCalls, 1);
        int? max = prompt.MaxToolCalls > 0 ? prompt.MaxToolCalls : null;
        if (max < min)
        {
            throw new ArgumentException($"max_tool_calls is {max}, which is less than min_tool_calls ({min}).");
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
                    : throw new ArgumentException("tool_choice requires a tool call, but the request has no tools.");
            default:
                string name = NameIn(prompt.ToolChoice);
                return tools.TryGet(name, out ToolSchema? tool)
                    ? new CallRule(ToolSet.Of(tool), min, max ?? min, IsForced: true)
                    : throw new ArgumentException($"tool_choice names '{name}', which is not a tool of the request.");
        }
    }

    /// <summary>Returns the grammar of a list with the allowed number of calls.</summary>
    public GrammarNode List(GrammarNode call, GrammarNode separator) =>
        GrammarNode.Sequence(call, GrammarNode.Repeat(GrammarNode.Sequence(separator, call), Min - 1, Max - 1));

    private static string NameIn(string choice)
    {
        if (!choice.StartsWith('{'))
        {
            throw new ArgumentException(
                $"tool_choice is '{choice}'; it must be auto, none, required, or an object with the name of a tool.");
        }

        try
        {
            using var document = JsonDocument.Parse(choice);
            JsonElement root = document.RootElement;
            JsonElement holder = root.TryGetProperty("function", out JsonElement function) && function.ValueKind == JsonValueKind.Object
                ? function
                : root;
            return holder.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String
                ? name.GetString()!
                : throw new ArgumentException($"tool_choice is {choice}, which has no name.");
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"tool_choice is not valid JSON: {e.Message}");
        }
    }
}
