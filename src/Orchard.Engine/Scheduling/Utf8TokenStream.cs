using System.Buffers;
using System.Text;

namespace Orchard.Engine.Scheduling;

/// <summary>Turns the bytes of tokens into whole UTF-8 characters: one that a token boundary cuts waits for its rest.</summary>
/// <remarks>
/// The output is always valid UTF-8 and does not depend on where tokens begin and end. Bytes that no continuation could
/// make valid become U+FFFD, one for each longest beginning of a character, as Unicode recommends and .NET decodes.
/// Not thread-safe.
/// </remarks>
internal sealed class Utf8TokenStream
{
    private const int LongestCharacter = 4;

    private readonly byte[] _tail = new byte[LongestCharacter];
    private int _tailLength;

    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>Writes every character that <paramref name="bytes"/> completes to <paramref name="output"/>.</summary>
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

    /// <summary>Ends the text: a character that is still incomplete becomes one U+FFFD, so that a cut answer shows as cut.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        if (_tailLength > 0)
        {
            output.Write(Replacement);
            _tailLength = 0;
        }
    }

    /// <summary>Returns 1 when <paramref name="next"/> belongs to the tail's character, else 0: then it begins the next one.</summary>
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
