using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>
/// Writes JSON exactly as PIE's reference serializer does: no white space, only the escapes that JSON requires, floats by
/// <see cref="FloatText"/>. Writes commas itself; the caller keeps objects and arrays balanced.
/// </summary>
/// <param name="omitDefaults">Whether members are left out whose value is the one that the caller states as the default.</param>
/// <exception cref="ArgumentException">Thrown for a value that JSON cannot express. The message names the field.</exception>
internal sealed class MetadataWriter(bool omitDefaults = false) : IDisposable
{
    private const int FirstBufferBytes = 4096;

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\" + string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)));

    // Characters of ordinary keys. Only keys of output_frame_tokens contain others.
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_0123456789");

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
    private int _length;
    private string _scope = "";
    private string _key = "";
    private bool _needsComma;

    /// <summary>The JSON written so far. Valid until the next write or disposal.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>Sets the prefix of field names in exceptions.</summary>
    public void EnterScope(string scope) => _scope = scope;

    /// <summary>Whether an object or array that would be empty, or have only defaults, is to be written.</summary>
    public bool Writes(bool isDefault) => !(omitDefaults && isDefault);

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

    public void Unsigned(string key, ulong value, ulong? unless = null)
    {
        if (!Writes(isDefault: value == unless))
        {
            return;
        }

        Key(key);
        BeginValue();
        _ = value.TryFormat(Free(20), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    public void Integer(string key, long value, long? unless = null)
    {
        if (!Writes(isDefault: value == unless))
        {
            return;
        }

        Key(key);
        Integer(value);
    }

    /// <summary>Writes an array entry.</summary>
    public void Integer(long value)
    {
        BeginValue();
        _ = value.TryFormat(Free(20), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>Writes a number that must not be negative.</summary>
    public void Count(string key, long value, long? unless = null)
    {
        if (value < 0)
        {
            throw Invalid(key, $"{value} is negative");
        }

        Integer(key, value, unless);
    }

    public void Float(string key, double value, double? unless = null)
    {
        if (!Writes(isDefault: value == unless))
        {
            return;
        }

        if (!double.IsFinite(value))
        {
            throw Invalid(key, string.Create(CultureInfo.InvariantCulture, $"{value} is not a finite number"));
        }

        Key(key);
        BeginValue();
        _length += FloatText.Format(value, Free(FloatText.MaxLength));
    }

    public void Boolean(string key, bool value, bool? unless = null)
    {
        if (!Writes(isDefault: value == unless))
        {
            return;
        }

        Key(key);
        BeginValue();
        Append(value ? "true"u8 : "false"u8);
    }

    public void String(string key, string value, string? unless = null)
    {
        if (!Writes(isDefault: unless is not null && value == unless))
        {
            return;
        }

        Key(key);
        String(value);
    }

    public void OptionalString(string key, string? value)
    {
        if (!Writes(isDefault: value is null))
        {
            return;
        }

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

    /// <summary>Writes an array entry.</summary>
    public void String(string value)
    {
        BeginValue();
        WriteQuoted(value ?? throw Invalid(_key, "the text is null"));
    }

    public void Strings(string key, IReadOnlyList<string> values)
    {
        if (!Writes(isDefault: values.Count == 0))
        {
            return;
        }

        StartArray(key);
        foreach (string value in values)
        {
            String(value);
        }

        EndArray();
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

        Span<byte> free = Free(Encoding.UTF8.GetMaxByteCount(run.Length));
        if (Utf8.FromUtf16(run, free, out _, out int written, replaceInvalidSequences: false) != OperationStatus.Done)
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

    // Returns room for at least this many bytes.
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
        int doubled = (int)Math.Min(2L * _buffer.Length, Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + bytes), doubled));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private ArgumentException Invalid(string key, string problem) =>
        new($"The request cannot be sent: {_scope}{key}: {problem}.");
}
