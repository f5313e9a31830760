using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Orchard.Protocol.Messages;

/// <summary>
/// Writes the metadata's JSON in the exact text form of the family's reference serializer: no white space, only the escapes JSON demands,
/// floats by <see cref="FloatText"/>. It puts the commas; the caller keeps objects and arrays balanced.
/// </summary>
/// <exception cref="ArgumentException">Thrown by any value that has no such form; names the field.</exception>
internal sealed class MetadataWriter(IBufferWriter<byte> writer)
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\" + string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)));

    private string _scope = "";
    private string _key = "";
    private bool _needsComma;

    /// <summary>Says which part of the frame the next keys belong to, for error messages.</summary>
    public void EnterScope(string scope) => _scope = scope;

    public void StartObject() => Open((byte)'{');

    public void EndObject() => Close((byte)'}');

    public void StartArray() => Open((byte)'[');

    public void EndArray() => Close((byte)']');

    public void StartObject(string key)
    {
        Key(key);
        StartObject();
    }

    public void StartArray(string key)
    {
        Key(key);
        StartArray();
    }

    public void Unsigned(string key, ulong value)
    {
        Key(key);
        Span<byte> span = BeginValue(20);
        _ = value.TryFormat(span, out int written, default, CultureInfo.InvariantCulture);
        writer.Advance(written);
    }

    public void Integer(string key, long value)
    {
        Key(key);
        Integer(value);
    }

    /// <summary>A number in an array.</summary>
    public void Integer(long value)
    {
        Span<byte> span = BeginValue(20);
        _ = value.TryFormat(span, out int written, default, CultureInfo.InvariantCulture);
        writer.Advance(written);
    }

    /// <summary>A number that counts something.</summary>
    public void Count(string key, long value)
    {
        if (value < 0)
        {
            throw Invalid(key, $"{value} is negative");
        }

        Integer(key, value);
    }

    public void Float(string key, double value)
    {
        if (!double.IsFinite(value))
        {
            throw Invalid(key, string.Create(CultureInfo.InvariantCulture, $"{value} is not a finite number"));
        }

        Key(key);
        writer.Advance(FloatText.Format(value, BeginValue(FloatText.MaxLength)));
    }

    public void Boolean(string key, bool value)
    {
        Key(key);
        BeginValue(0);
        writer.Write(value ? "true"u8 : "false"u8);
    }

    public void String(string key, string value)
    {
        Key(key);
        String(value);
    }

    public void OptionalString(string key, string? value)
    {
        Key(key);
        if (value is null)
        {
            BeginValue(0);
            writer.Write("null"u8);
        }
        else
        {
            String(value);
        }
    }

    /// <summary>A string in an array.</summary>
    public void String(string value)
    {
        BeginValue(0);
        WriteQuoted(value ?? throw Invalid(_key, "the text is null"));
    }

    private void Key(string key)
    {
        _key = key;
        BeginValue(0);
        WriteQuoted(key);
        writer.Write(":"u8);
        _needsComma = false;
    }

    private void Open(byte bracket)
    {
        BeginValue(1)[0] = bracket;
        writer.Advance(1);
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        writer.GetSpan(1)[0] = bracket;
        writer.Advance(1);
        _needsComma = true;
    }

    private Span<byte> BeginValue(int sizeHint)
    {
        if (_needsComma)
        {
            writer.Write(","u8);
        }

        _needsComma = true;
        return writer.GetSpan(sizeHint);
    }

    private void WriteQuoted(ReadOnlySpan<char> text)
    {
        writer.Write("\""u8);
        while (true)
        {
            int next = text.IndexOfAny(Escaped);
            WriteRun(next < 0 ? text : text[..next]);
            if (next < 0)
            {
                break;
            }

            WriteEscape(text[next]);
            text = text[(next + 1)..];
        }

        writer.Write("\""u8);
    }

    private void WriteRun(ReadOnlySpan<char> run)
    {
        if (run.IsEmpty)
        {
            return;
        }

        Span<byte> span = writer.GetSpan(Encoding.UTF8.GetMaxByteCount(run.Length));
        if (Utf8.FromUtf16(run, span, out _, out int written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw Invalid(_key, "the text has an unpaired surrogate");
        }

        writer.Advance(written);
    }

    private void WriteEscape(char c)
    {
        switch (c)
        {
            case '"':
                writer.Write("\\\""u8);
                break;
            case '\\':
                writer.Write("\\\\"u8);
                break;
            case '\b':
                writer.Write("\\b"u8);
                break;
            case '\t':
                writer.Write("\\t"u8);
                break;
            case '\n':
                writer.Write("\\n"u8);
                break;
            case '\f':
                writer.Write("\\f"u8);
                break;
            case '\r':
                writer.Write("\\r"u8);
                break;
            default:
                Span<byte> span = writer.GetSpan(6);
                "\\u00"u8.CopyTo(span);
                _ = ((int)c).TryFormat(span[4..], out _, "x2", CultureInfo.InvariantCulture);
                writer.Advance(6);
                break;
        }
    }

    private ArgumentException Invalid(string key, string problem) =>
        new($"The request cannot be sent: {_scope}{key}: {problem}.");
}
