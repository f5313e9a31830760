using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>The JSON of a <see cref="CallForm"/>. Keys whose values are empty are left out; unknown ones are ignored.</summary>
internal static class CallFormJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a form.</summary>
    /// <exception cref="ArgumentException">The text is not a form.</exception>
    public static CallForm Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            CallForm form = Read(document.RootElement);
            return form.IsReadable
                ? form
                : throw new ArgumentException("orchard.call_form: a call must have a name and one place for its arguments.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"orchard.call_form is not a valid form: {e.Message}", e);
        }
    }

    /// <summary>Returns a form as JSON.</summary>
    public static string Write(CallForm form)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            Write(json, "section_start", form.SectionStart);
            Write(json, "section_end", form.SectionEnd);
            Write(json, "separator", form.Separator);
            json.WriteStartArray("call");
            foreach (CallPart part in form.Call)
            {
                json.WriteStartObject();
                Write(json, part.Slot is null ? "text" : "slot", part.Slot ?? part.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (form.Arguments is { } arguments)
            {
                json.WriteStartObject("arguments");
                Write(json, "before_key", arguments.BeforeKey);
                Write(json, "text_start", arguments.TextStart);
                Write(json, "text_end", arguments.TextEnd);
                Write(json, "value_start", arguments.ValueStart);
                Write(json, "value_end", arguments.ValueEnd);
                Write(json, "name_end", arguments.NameEnd);
                Write(json, "item", arguments.Item);
                Write(json, "separator", arguments.Separator);
                Write(json, "texts", arguments.Texts);
                Write(json, "values", arguments.Values);
                Write(json, "quote", arguments.Quote);
                json.WriteEndObject();
            }

            Write(json, "stop", form.Stop);
            Write(json, "message_start", form.MessageStart);
            Write(json, "message_end", form.MessageEnd);
            if (form.IsSingle)
            {
                json.WriteBoolean("is_single", true);
            }

            if (form.IsIndented)
            {
                json.WriteBoolean("is_indented", true);
            }

            if (form.FollowsText)
            {
                json.WriteBoolean("follows_text", true);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static CallForm Read(JsonElement json) => new()
    {
        SectionStart = Text(json, "section_start"),
        SectionEnd = Text(json, "section_end"),
        Separator = Text(json, "separator"),
        Call = json.TryGetProperty("call", out JsonElement parts)
            ? [.. parts.EnumerateArray().Select(ReadPart)]
            : [],
        Arguments = json.TryGetProperty("arguments", out JsonElement arguments) ? ReadArguments(arguments) : null,
        Stop = Text(json, "stop"),
        MessageStart = Text(json, "message_start"),
        MessageEnd = Text(json, "message_end"),
        IsSingle = json.TryGetProperty("is_single", out JsonElement single) && single.GetBoolean(),
        IsIndented = json.TryGetProperty("is_indented", out JsonElement indented) && indented.GetBoolean(),
        FollowsText = json.TryGetProperty("follows_text", out JsonElement follows) && follows.GetBoolean(),
    };

    private static CallPart ReadPart(JsonElement json) => new() { Text = Text(json, "text"), Slot = NullableText(json, "slot") };

    private static ArgumentForm ReadArguments(JsonElement json) => new()
    {
        BeforeKey = Text(json, "before_key"),
        TextStart = Text(json, "text_start"),
        TextEnd = Text(json, "text_end"),
        ValueStart = Text(json, "value_start"),
        ValueEnd = Text(json, "value_end"),
        NameEnd = Text(json, "name_end"),
        Item = Text(json, "item"),
        Separator = Text(json, "separator"),
        Texts = Text(json, "texts"),
        Values = Text(json, "values"),
        Quote = Text(json, "quote"),
    };

    private static void Write(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
        {
            json.WriteString(name, text);
        }
    }

    private static string Text(JsonElement json, string name) => NullableText(json, name) ?? "";

    private static string? NullableText(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
}
