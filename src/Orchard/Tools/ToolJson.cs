using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchard;

/// <summary>Tools in the wire's terms. Pure.</summary>
internal static class ToolJson
{
    // What it writes is read by JSON parsers and models, never by a browser.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the prompt shows: plain function objects, by name.</summary>
    public static string Core(IReadOnlyList<Tool> tools) => Write(tools, static (json, tool) =>
    {
        json.WriteString("name", tool.Name);
        json.WriteString("type", "function");
        json.WriteString("description", tool.Description);
        json.WriteBoolean("strict", tool.IsStrict);
        json.WritePropertyName("parameters");
        tool.Parameters.WriteTo(json);
    });

    /// <summary>What calls are held to: schemas of whole calls, by name.</summary>
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

    /// <summary>What chat templates take: Hugging Face's shape, in the caller's order.</summary>
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

    public static string Choice(ToolChoice choice) => choice.Kind switch
    {
        ToolChoiceKind.None => "none",
        ToolChoiceKind.Required => "required",
        ToolChoiceKind.Named => $"{{\"type\": \"function\", \"name\": \"{choice.Name}\"}}", // names need no escapes
        _ => "auto",
    };

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
