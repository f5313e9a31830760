using System.Text.Json;
using System.Text.RegularExpressions;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Output;
using Orchard.Engine.Tests.Grammars;
using Orchard.Engine.Tests.Inference;
using Orchard.Formatting;
using Orchard.Formatting.Forms;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Forms.Tests;

/// <summary>Required calls, sampled at a temperature at which nothing but the grammar holds a model to a form.</summary>
internal sealed class FormSamples(StarterModel starter, int count) : IDisposable
{
    private const int MaxTokens = 600;
    private const string Identifier = "\u0001";

    private readonly LlamaDecoder _decoder = starter.CreateDecoder(
        new DecoderOptions { SequenceCapacity = count, ContextLength = 1024 * count, BatchCapacity = 128 });

    /// <summary>The tools: strings of letters, so that every notation writes them alike.</summary>
    public static IReadOnlyList<Tool> Tools { get; } =
    [
        new Tool("get_weather", "Tells the weather.", JsonElement.Parse(
            """
            {"type": "object", "required": ["city", "days"], "properties": {
                "city": {"type": "string", "pattern": "^[A-Za-z]{1,9}$"}, "days": {"type": "integer", "minimum": 0, "maximum": 30},
                "unit": {"enum": ["C", "F"]},
                "detail": {"type": "object", "required": ["parts", "level"], "properties": {
                    "parts": {"type": "array", "items": {"enum": ["rain", "wind"]}, "minItems": 1, "maxItems": 2},
                    "level": {"type": "integer", "minimum": 1, "maximum": 3}}}}}
            """)),
        new Tool("add", "Adds.", JsonElement.Parse(
            """{"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}}, "required": ["a", "b"]}""")),
    ];

    public void Dispose() => _decoder.Dispose();

    /// <summary>Returns what is wrong with samples in the form of a template.</summary>
    public IReadOnlyList<string> FindProblems(ModelTemplate template)
    {
        RenderedPrompt prompt = template.Prompt(Tools);
        prompt = prompt with { Output = prompt.Output with { Thinking = ThinkingTokens.None } };
        OutputRules rules = ModelTemplate.Rules(prompt, Tools, ToolChoice.Required, maxCalls: 2);
        (IReadOnlyList<string> texts, int cut) = GrammarSampling.Sample(starter, _decoder, rules.Grammar!, count, MaxTokens);
        var problems = new List<string>();
        if (texts.Count < count / 2)
        {
            problems.Add($"{cut} of {count} samples did not end within {MaxTokens} tokens");
        }

        foreach (string text in texts)
        {
            IReadOnlyList<string> items = OutputItems.In(text, rules.Syntax, text.Length);
            ToolCall[] calls =
            [
                .. items.Where(item => item.StartsWith("call ", StringComparison.Ordinal)).Select((item, index) => item.Split(' ', 3) is [_, var name, var json]
                    ? new ToolCall($"call0000{index + 1}", name, json)
                    : throw new InvalidOperationException(item)),
            ];
            if (calls.Length == 0 || calls.Length != items.Count(item => !item.StartsWith("reasoning ", StringComparison.Ordinal)))
            {
                problems.Add($"{text} is read as {string.Join(" | ", items)}");
            }
            else if (calls.FirstOrDefault(call => !IsValid(call)) is { } invalid)
            {
                problems.Add($"{text} has arguments that the schema does not allow: {invalid.Arguments}");
            }
            else if (prompt.Output.Form is { } form && !IsIn(text, FormWriter.Write(form, [.. calls.Select(call => new ProbeCall(call.Name, Identifier, call.Arguments))])))
            {
                problems.Add($"{text} is not in the form {prompt.Output.FormJson}");
            }
        }

        return problems;
    }

    private static bool IsValid(ToolCall call)
    {
        try
        {
            return HasValidArguments(call);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static bool HasValidArguments(ToolCall call)
    {
        JsonElement arguments = JsonElement.Parse(call.Arguments);
        if (call.Name == "add")
        {
            return arguments.GetProperty("a").TryGetInt64(out _) && arguments.GetProperty("b").ValueKind is JsonValueKind.True or JsonValueKind.False;
        }

        return Regex.IsMatch(arguments.GetProperty("city").GetString()!, "^[A-Za-z]{1,9}$")
            && arguments.GetProperty("days").GetInt32() is >= 0 and <= 30
            && (!arguments.TryGetProperty("unit", out JsonElement unit) || unit.GetString() is "C" or "F")
            && (!arguments.TryGetProperty("detail", out JsonElement detail)
                || (detail.GetProperty("level").GetInt32() is >= 1 and <= 3
                    && detail.GetProperty("parts").EnumerateArray().All(part => part.GetString() is "rain" or "wind")
                    && detail.GetProperty("parts").GetArrayLength() is 1 or 2));
    }

    // Identifiers and numbers of calls are the model's own, and Python has two kinds of quotes.
    private static bool IsIn(string text, string written) => Regex.IsMatch(
        Loosen(text),
        Regex.Escape(Loosen(written)).Replace(Identifier, "[A-Za-z0-9_-]+", StringComparison.Ordinal).Replace("\\#", "[0-9]+", StringComparison.Ordinal));

    private static string Loosen(string text) => FormText.Strip(text).Replace('\'', '"')
        .Replace("True", "true", StringComparison.Ordinal).Replace("False", "false", StringComparison.Ordinal);
}
