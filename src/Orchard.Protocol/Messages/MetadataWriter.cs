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
internal sealed class MetadataWriter : IDisposable
{
    private const int FirstBufferBytes = 4096;

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\" + string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)));

    // All keys are made of these, but for those that name tokens of the output's frame.
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_0123456789");

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
    private int _length;
    private string _scope = "";
    private string _key = "";
    private bool _needsComma;

    /// <summary>The JSON so far. Valid until the next value, or the end.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

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
        BeginValue();
        _ = value.TryFormat(Free(20), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    public void Integer(string key, long value)
    {
        Key(key);
        Integer(value);
    }

    /// <summary>A number in an array.</summary>
    public void Integer(long value)
    {
        BeginValue();
        _ = value.TryFormat(Free(20), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
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
        BeginValue();
        _length += FloatText.Format(value, Free(FloatText.MaxLength));
    }

    public void Boolean(string key, bool value)
    {
        Key(key);
        BeginValue();
        Append(value ? "true"u8 : "false"u8);
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
            BeginValue();
            Append("null"u8);
        }
        else
        {
            String(value);
        }
    }

    /// <summary>A string in an array.</summary>
    public void String(string value)
    {
        BeginValue();
        WriteQuoted(value ?? throw Invalid(_key, "the text is null"));
    }

    private void Key(string key)
    {
        _key = key;
        BeginValue();
        if (key.AsSpan().ContainsAnyExcept(Plain))
        {
            WriteQuoted(key);
        }
        else
        {
            Append((byte)'"');
            _ = Ascii.FromUtf16(key, Free(key.Length), out int written);
            _length += written;
            Append((byte)'"');
        }

        Append((byte)':');
        _needsComma = false;
    }

    private void Open(byte bracket)
    {
        BeginValue();
        Append(bracket);
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        Append(bracket);
        _needsComma = true;
    }

    private void BeginValue()
    {
        if (_needsComma)
        {
            Append((byte)',');
        }

        _needsComma = true;
    }

    private void WriteQuoted(ReadOnlySpan<char> text)
    {
        Append((byte)'"');
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

        Append((byte)'"');
    }

    private void WriteRun(ReadOnlySpan<char> run)
    {
        if (run.IsEmpty)
        {
            return;
        }

        if (Utf8.FromUtf16(run, Free(Encoding.UTF8.GetMaxByteCount(run.Length)), out _, out int written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw Invalid(_key, "the text has an unpaired surrogate");
        }

        _length += written;
    }

    private void WriteEscape(char c)
    {
        switch (c)
        {
            case '"':
                Append("\\\""u8);
                break;
            case '\\':
                Append("\\\\"u8);
                break;
            case '\b':
                Append("\\b"u8);
                break;
            case '\t':
                Append("\\t"u8);
                break;
            case '\n':
                Append("\\n"u8);
                break;
            case '\f':
                Append("\\f"u8);
                break;
            case '\r':
                Append("\\r"u8);
                break;
            default:
                Append("\\u00"u8);
                _ = ((int)c).TryFormat(Free(2), out _, "x2", CultureInfo.InvariantCulture);
                _length += 2;
                break;
        }
    }

    private void Append(byte c)
    {
        Free(1)[0] = c;
        _length++;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Free(text.Length));
        _length += text.Length;
    }

    // Room for so many bytes more.
    private Span<byte> Free(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Grow(bytes);
        }

        return _buffer.AsSpan(_length);
    }

    private void Grow(int bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + bytes), (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private ArgumentException Invalid(string key, string problem) =>
        new($"The request cannot be sent: {_scope}{key}: {problem}.");
}
