using System.Buffers;
using System.Text;

namespace Orchard.Engine.Scheduling;

/// <summary>
/// Decodes the bytes of tokens into complete UTF-8 characters. A character split between tokens is held back until it is complete; one that
/// the end of the text cuts off is not part of it.
/// </summary>
/// <remarks>
/// The output is always valid UTF-8 and independent of token boundaries. Invalid bytes are replaced by U+FFFD, one for each maximal subpart
/// of an ill-formed sequence, as Unicode recommends and .NET does. Not thread-safe.
/// </remarks>
internal sealed class Utf8TokenStream
{
    private const int LongestCharacter = 4;

    private readonly byte[] _tail = new byte[LongestCharacter];
    private int _tailLength;

    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>Appends bytes and writes all complete characters to <paramref name="output"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        while (_tailLength > 0 && !bytes.IsEmpty)
        {
            bytes = bytes[ContinueTail(bytes[0], output)..];
        }

        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out _, out int length);
            if (status == OperationStatus.NeedMoreData)
            {
                bytes.CopyTo(_tail);
                _tailLength = bytes.Length;
                return;
            }

            output.Write(status == OperationStatus.Done ? bytes[..length] : Replacement);
            bytes = bytes[length..];
        }
    }

    /// <summary>Returns 1 if <paramref name="next"/> belongs to the incomplete character, or 0 if it begins the next one.</summary>
    private int ContinueTail(byte next, IBufferWriter<byte> output)
    {
        _tail[_tailLength] = next;
        ReadOnlySpan<byte> tail = _tail.AsSpan(0, _tailLength + 1);
        switch (Rune.DecodeFromUtf8(tail, out _, out _))
        {
            case OperationStatus.Done:
                output.Write(tail);
                _tailLength = 0;
                return 1;
            case OperationStatus.NeedMoreData:
                _tailLength++;
                return 1;
            default:
                output.Write(Replacement);
                _tailLength = 0;
                return 0;
        }
    }
}
