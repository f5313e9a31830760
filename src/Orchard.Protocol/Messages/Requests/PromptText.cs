using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Orchard.Protocol.Messages.Requests;

/// <summary>
/// The text of a prompt: a string on its way out, UTF-8 bytes on its way in. A string is encoded straight into the outgoing message, so
/// that a long prompt is not copied first.
/// </summary>
internal readonly record struct PromptText
{
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _utf8;

    private PromptText(string text)
    {
        _text = text;
        Length = Encoding.UTF8.GetByteCount(text);
    }

    private PromptText(ReadOnlyMemory<byte> utf8)
    {
        _utf8 = utf8;
        Length = utf8.Length;
    }

    /// <summary>Length in UTF-8 bytes.</summary>
    public int Length { get; }

    /// <summary>The UTF-8 bytes. Encodes a string on each access.</summary>
    public ReadOnlySpan<byte> Span => _text is null ? _utf8.Span : Encoding.UTF8.GetBytes(_text);

    /// <summary>Whether the bytes are valid UTF-8. A string always is: unpaired surrogates are sent as replacement characters.</summary>
    public bool IsValid => _text is not null || Utf8.IsValid(_utf8.Span);

    public static implicit operator PromptText(string text) => new(text);

    public static implicit operator PromptText(ReadOnlyMemory<byte> utf8) => new(utf8);

    public static implicit operator PromptText(byte[] utf8) => new(utf8);

    public void WriteTo(IBufferWriter<byte> writer)
    {
        if (_text is null)
        {
            writer.Write(_utf8.Span);
        }
        else
        {
            Encoding.UTF8.GetBytes(_text, writer);
        }
    }

    public override string ToString() => _text ?? Encoding.UTF8.GetString(_utf8.Span);
}
