using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Engine.Output;
using Orchard.Formatting;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Forms.Tests;

/// <summary>Calls with arguments of every kind, as a template writes them, held against what is read and allowed.</summary>
internal sealed class ArgumentCheck(ModelTemplate template)
{
    private static readonly int[] Lengths = [1, 7, int.MaxValue];

    private static readonly string[] Samples =
    [
        "{}",
        """{"text": "two words", "count": -12, "ratio": 0.25, "flag": true}""",
        """{"flag": false, "list": [1, 2, 3], "names": ["a b", "c"]}""",
        """{"map": {"inner": {"deep": "x, y"}, "n": 1}, "text": "(1, 2)"}""",
        """{"text": "first line\nsecond line"}""",
        """{"text": "say \"yes\" or 'no'"}""",
        """{"text": "a < b && c > d [e] {f}"}""",
        """{"text": "12"}""",
        """{"text": "true"}""",
        """{"text": "Grüße 世界"}""",
        """{"text": "C:\\path\\n", "count": 0}""",
        """{"text": ""}""",
        """{"nothing": null, "text": "x"}""",
    ];

    private static IReadOnlyList<Tool> Tools { get; } =
    [
        new Tool("look_up", "Looks up.", JsonElement.Parse(
            """
            {"type": "object", "properties": {
                "text": {"type": "string"}, "count": {"type": "integer"}, "ratio": {"type": "number"}, "flag": {"type": "boolean"},
                "list": {"type": "array", "items": {"type": "integer"}}, "names": {"type": "array", "items": {"type": "string"}},
                "map": {"type": "object"}, "nothing": {"type": "null"}}}
            """)),
        new Tool("look", "Looks.", JsonElement.Parse("""{"type": "object", "properties": {}}""")),
    ];

    /// <summary>Returns what is read otherwise than it was written.</summary>
    public IReadOnlyList<string> FindProblems()
    {
        RenderedPrompt prompt = template.Prompt(Tools);
        OutputRules rules = ModelTemplate.Rules(prompt, Tools, ToolChoice.Auto);
        var problems = new List<string>();
        foreach (string sample in Samples)
        {
            ToolCall[] calls = [new ToolCall("call00001", "look_up", sample), new ToolCall("call00002", "look", "{}")];
            foreach (int count in new[] { 1, 2 })
            {
                Check(prompt, rules, calls[..count], problems);
            }
        }

        return problems;
    }

    // Some templates write arguments in alphabetical order.
    private static string Sorted(string call)
    {
        int at = call.IndexOf('{', StringComparison.Ordinal);
        return at < 0 ? call : call[..at] + Sorted(JsonNode.Parse(call[at..])!).ToJsonString();
    }

    private static JsonNode Sorted(JsonNode node) => node is JsonObject members
        ? new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, member.Value is { } value ? Sorted(value.DeepClone()) : null)))
        : node;

    // Some templates leave out what is null, and some write Python's strings without escapes.
    private static bool IsAmbiguous(RenderedPrompt prompt, ToolCall call, string written) =>
        (call.Arguments.Contains("null", StringComparison.Ordinal) && !written.Contains("nothing", StringComparison.Ordinal))
        || (call.Arguments.Contains('\\', StringComparison.Ordinal)
            && prompt.Output.Form?.Arguments?.Texts == ArgumentNotation.Python
            && JsonNode.Parse(call.Arguments)!["text"]!.GetValue<string>() is var text
            && written.Contains(text, StringComparison.Ordinal));

    private void Check(RenderedPrompt prompt, OutputRules rules, ToolCall[] calls, List<string> problems)
    {
        Message turn = Message.Assistant("", calls);
        if (template.Written(turn, prompt, Tools) is not { } written || !written.Contains(calls[^1].Name, StringComparison.Ordinal)
            || (calls.Length > 1 && written.LastIndexOf("look", StringComparison.Ordinal) <= written.IndexOf("look_up", StringComparison.Ordinal)))
        {
            return;
        }

        if (calls.Any(call => IsAmbiguous(prompt, call, written)))
        {
            return;
        }

        string[] expected = [.. calls.Select(call => OutputItems.Call(call.Name, call.Arguments))];
        foreach (int length in Lengths)
        {
            string[] items =
            [
                .. OutputItems.In(written, rules.Syntax, Math.Min(length, written.Length))
                    .Where(item => item.StartsWith("call ", StringComparison.Ordinal)),
            ];
            if (!expected.Select(Sorted).SequenceEqual(items.Select(Sorted)))
            {
                problems.Add($"{written.ReplaceLineEndings("\\n")} is read as {string.Join(" | ", items)}");
                return;
            }
        }
    }
}
