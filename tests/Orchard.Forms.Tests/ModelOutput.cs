using System.Text.Json;

namespace Orchard.Forms.Tests;

/// <summary>What a model writes after a prompt, according to its chat template.</summary>
/// <param name="Name">The name of the template.</param>
/// <param name="Variant">What is in the output: <c>one</c> call, <c>two</c> calls, or <c>think</c>: reasoning and an answer.</param>
/// <param name="Prompt">The prompt, up to where the output begins.</param>
/// <param name="Output">The text.</param>
internal sealed record ModelOutput(string Name, string Variant, string Prompt, string Output)
{
    private const string City = """{"city": "Paris", "days": 3}""";
    private const string Numbers = """{"a": 1, "b": 2}""";

    /// <summary>The reasoning in outputs that have some.</summary>
    public const string Reasoning = "Let me see.";

    /// <summary>The answer in outputs without calls, and the text before calls.</summary>
    public const string Answer = "It is sunny.";

    /// <summary>The calls of the outputs.</summary>
    public static IReadOnlyList<ToolCall> Calls { get; } =
        [new ToolCall("call00001", "get_weather", City), new ToolCall("call00002", "add", Numbers)];

    /// <summary>The tools that were offered.</summary>
    public static IReadOnlyList<Tool> Tools { get; } =
    [
        new Tool("get_weather", "Tells the weather.", JsonElement.Parse(
            """{"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city", "days"]}""")),
        new Tool("add", "Adds.", JsonElement.Parse(
            """{"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]}""")),
    ];

    /// <summary>The number of calls in the output.</summary>
    public int CallCount => Variant switch { "think" => 0, "two" when Output.Contains("add", StringComparison.Ordinal) => 2, _ => 1 };

    /// <summary>Whether the template shows what the variant is about.</summary>
    public bool ShowsIt => Output.Contains(Variant == "think" ? Reasoning : "get_weather", StringComparison.Ordinal);

    /// <summary>Reads the outputs in a folder; see <see cref="ModelOutputsTests"/>.</summary>
    public static IReadOnlyList<ModelOutput> In(string folder)
    {
        var outputs = new List<ModelOutput>();
        foreach (string line in File.ReadLines(Path.Combine(folder, "outputs.jsonl")))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            outputs.Add(new ModelOutput(
                root.GetProperty("name").GetString()!,
                root.GetProperty("variant").GetString()!,
                root.GetProperty("prompt").GetString()!,
                root.GetProperty("output").GetString()!));
        }

        return outputs;
    }
}
