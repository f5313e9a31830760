using System.Buffers;
using System.Text;

namespace Orchard.Engine.Scheduling;

/// <summary>
/// Separates the reasoning at the beginning of a completion from the answer, to which alone stop sequences apply. Not thread-safe.
/// </summary>
internal sealed class ReasoningSkipper
{
    private readonly byte[] _start;
    private readonly StopStringMatcher _end;
    private readonly ArrayBufferWriter<byte> _lead = new(); // white space and the beginning of the start mark
    private bool _isReasoning;
    private bool _isAnswer;

    public ReasoningSkipper(ReasoningMarks marks)
    {
        _start = Encoding.UTF8.GetBytes(marks.Start);
        _end = new StopStringMatcher([marks.End]);
        _isReasoning = marks.IsOpen;
        _isAnswer = !marks.IsOpen && _start.Length == 0;
    }

    /// <summary>
    /// Writes the reasoning in the next characters to <paramref name="output"/>, and returns what belongs to the answer. The returned span
    /// is valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (_isAnswer)
        {
            return text;
        }

        if (!_isReasoning)
        {
            text = SkipStart(text, output);
            if (!_isReasoning)
            {
                return text;
            }
        }

        text = text[_end.Append(text, output)..];
        _isAnswer = _end.Match is not null;
        return text;
    }

    /// <summary>Ends the text: writes the reasoning that was held back, and returns what belongs to the answer after all.</summary>
    public ReadOnlySpan<byte> Complete(IBufferWriter<byte> output)
    {
        if (_isAnswer)
        {
            return default;
        }

        if (_isReasoning)
        {
            _end.Complete(output);
            return default;
        }

        _isAnswer = true;
        return _lead.WrittenSpan;
    }

    private ReadOnlySpan<byte> SkipStart(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        for (int i = 0; i < text.Length; i++)
        {
            _lead.Write(text.Slice(i, 1));
            ReadOnlySpan<byte> mark = _lead.WrittenSpan.TrimStart(" \t\r\n"u8);
            if (mark.SequenceEqual(_start))
            {
                _isReasoning = true;
                output.Write(_lead.WrittenSpan);
                return text[(i + 1)..];
            }

            if (!_start.AsSpan().StartsWith(mark))
            {
                _isAnswer = true;
                _lead.Write(text[(i + 1)..]);
                return _lead.WrittenSpan;
            }
        }

        return default;
    }
}
