using System.Text.Json;
using Orchard.Formatting;
using Orchard.Formatting.Forms;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Tests.Formatting;

/// <summary>
/// The forms found in public chat templates, held against what their models write. On demand: the folder has a file
/// <c>outputs.jsonl</c> with <c>name</c>, <c>variant</c> (<c>one</c> or <c>two</c> calls) and <c>output</c>, and <c>templates/NAME.jinja</c>.
/// </summary>
public sealed class ModelOutputsTests(ITestOutputHelper log)
{
    private const string FolderVariable = "ORCHARD_MODEL_OUTPUTS";

    // Their form is known by name: the template shows too little of it.
    private static readonly string[] Named = [ToolCallDialect.Harmony, ToolCallDialect.Llama3Json];

    [Fact]
    public void Templates_TheirFormWritesWhatTheirModelWrites()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{FolderVariable} names no folder.");
        var wrong = new List<string>();
        foreach (string line in File.ReadLines(Path.Combine(folder, "outputs.jsonl")))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            string name = json.RootElement.GetProperty("name").GetString()!;
            string variant = json.RootElement.GetProperty("variant").GetString()!;
            string output = json.RootElement.GetProperty("output").GetString()!;
            string template = File.ReadAllText(Path.Combine(folder, "templates", $"{name}.jinja"));
            if (!output.Contains("get_weather", StringComparison.Ordinal) || Named.Contains(OutputForm.FamilyOf(template)?.Name))
            {
                continue;
            }

            OutputForm form = ChatFormatter.For(new ModelFacts { ChatTemplate = template, BeginToken = "<s>", EndToken = "</s>" })
                .Render([Message.User("Hi")]).Output;
            ProbeCall first = new("get_weather", "call00001", """{"city": "Paris", "days": 3}""");
            ProbeCall second = new("add", "call00002", """{"a": 1, "b": 2}""");
            bool isRight = form.Form is { } found && Numberless(output).Contains(
                Numberless(variant == "two" && !found.IsSingle ? FormWriter.Write(found, first, second) : FormWriter.Write(found, first)),
                StringComparison.Ordinal);
            log.WriteLine($"{(isRight ? "right" : "WRONG")} {name} {variant}: {form.FormJson}");
            if (!isRight)
            {
                wrong.Add($"{name} {variant}");
            }
        }

        Assert.Empty(wrong);
    }

    private static string Numberless(string text) =>
        string.Concat(FormText.Strip(text).Select(static character => char.IsAsciiDigit(character) ? '#' : character));
}
