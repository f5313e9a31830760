using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchard;

/// <summary>Writes tools in the JSON of the wire and of chat templates.</summary>
internal static partial class ToolJson
{
    // JSON parsers and models read the output, not browsers.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the tools as the prompt describes them: function objects, ordered by name.</summary>
    public static string Core(IReadOnlyList<Tool> tools) => Write(tools, static (json, tool) =>
    {
        json.WriteString("name", tool.Name);
        json.WriteString("type", "function");
        json.WriteString("description", tool.Description);
        json.WriteBoolean("strict", tool.IsStrict);
        json.WritePropertyName("parameters");
        tool.Parameters.WriteTo(json);
    });

    /// <summary>Returns the JSON Schemas of complete calls that the engine enforces, ordered by name.</summary>
    public static string Active(IReadOnlyList<Tool> tools) => Write(tools, static (json, tool) =>
    {
        json.WriteString("name", tool.Name);
        json.WriteString("type", "object");
        json.WriteString("description", tool.Description);
        json.WriteStartObject("properties");
        json.WriteStartObject("name");
        json.WriteString("const", tool.Name);
        json.WriteEndObject();
        json.WritePropertyName("arguments");
        tool.Parameters.WriteTo(json);
        json.WriteEndObject();
        json.WriteBoolean("strict", tool.IsStrict);
        json.WriteStartArray("required");
        json.WriteStringValue("name");
        json.WriteStringValue("arguments");
        json.WriteEndArray();
    });

    /// <summary>
    /// Returns the tools in the form that chat templates expect, that of Hugging Face's libraries, in the caller's order.
    /// </summary>
    public static JsonElement Template(IReadOnlyList<Tool> tools)
    {
        using JsonDocument document = JsonDocument.Parse(WriteList(tools, static (json, tool) =>
        {
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            json.WritePropertyName("parameters");
            tool.Parameters.WriteTo(json);
            json.WriteEndObject();
        }));
        return document.RootElement.Clone();
    }

    /// <summary>Returns the tools as a model reads them, where the template has no place for them: function objects.</summary>
    public static IEnumerable<string> Texts(IReadOnlyList<Tool> tools) =>
        Template(tools).EnumerateArray().Select(static tool => WithoutEscapes(tool.GetProperty("function").GetRawText()));

    /// <summary>Returns a tool choice in the form of the wire.</summary>
    public static string Choice(ToolChoice choice) => choice.Kind switch
    {
        ToolChoiceKind.None => "none",
        ToolChoiceKind.Required => "required",
        ToolChoiceKind.Named => $"{{\"type\": \"function\", \"name\": \"{choice.Name}\"}}", // tool names need no escaping
        _ => "auto",
    };

    // .NET escapes all characters beyond the first 65,536, such as emoji, which a model would have to decode.
    private static string WithoutEscapes(string json) => EscapedPair().Replace(json, static found => new string(
    [
        (char)Convert.ToInt32(found.Groups["high"].Value, 16), (char)Convert.ToInt32(found.Groups["low"].Value, 16),
    ]));

    [GeneratedRegex(@"\\u(?<high>[Dd][89ABab][0-9A-Fa-f]{2})\\u(?<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex EscapedPair();

    private static string Write(IReadOnlyList<Tool> tools, Action<Utf8JsonWriter, Tool> write) => tools.Count == 0
        ? ""
        : Encoding.UTF8.GetString(WriteList(tools.OrderBy(tool => tool.Name, StringComparer.Ordinal), write).Span);

    private static ReadOnlyMemory<byte> WriteList(IEnumerable<Tool> tools, Action<Utf8JsonWriter, Tool> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            foreach (Tool tool in tools)
            {
                json.WriteStartObject();
                write(json, tool);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }
}
