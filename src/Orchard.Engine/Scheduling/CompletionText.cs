using System.Buffers;
using System.Text;
using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>The text of one completion as its tokens arrive: whole characters, up to a stop string. Not thread-safe.</summary>
internal sealed class CompletionText
{
    private readonly ITokenizer _tokenizer;
    private readonly IReadOnlyList<string> _controlTexts;
    private readonly Utf8TokenStream _characters = new();
    private readonly StopStringMatcher? _stops;
    private readonly ArrayBufferWriter<byte> _undecided = new(64);
    private readonly ArrayBufferWriter<byte> _decided = new(64);
    private byte[] _piece = new byte[64];

    /// <param name="tokenizer">The model's vocabulary.</param>
    /// <param name="stopStrings">What ends the text.</param>
    /// <param name="controlTexts">Control tokens that are part of the text, by theirs.</param>
    public CompletionText(ITokenizer tokenizer, IReadOnlyList<string> stopStrings, IReadOnlyList<string>? controlTexts = null)
    {
        _tokenizer = tokenizer;
        _controlTexts = controlTexts ?? [];
        _stops = stopStrings.Count == 0 ? null : new StopStringMatcher(stopStrings);
    }

    /// <summary>Text whose place in the output is decided, since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Decided => _decided.WrittenSpan;

    /// <summary>The stop string that ended the text, or null while none has.</summary>
    public string? StopString => _stops?.Match;

    public void Append(int token)
    {
        ReadOnlySpan<byte> piece = BytesOf(token);
        if (_stops is null)
        {
            _characters.Append(piece, _decided);
            return;
        }

        _characters.Append(piece, _undecided);
        Decide(_stops);
    }

    /// <summary>Ends the text: nothing is held back any more.</summary>
    public void Complete()
    {
        if (_stops is null)
        {
            _characters.Complete(_decided);
            return;
        }

        _characters.Complete(_undecided);
        Decide(_stops);
        _stops.Complete(_decided);
    }

    /// <summary>Forgets the decided text, once it was handed on.</summary>
    public void Clear() => _decided.ResetWrittenCount();

    private void Decide(StopStringMatcher stops)
    {
        stops.Append(_undecided.WrittenSpan, _decided);
        _undecided.ResetWrittenCount();
    }

    private ReadOnlySpan<byte> BytesOf(int token)
    {
        int length = _tokenizer.GetBytes(token, _piece);
        if (length < 0)
        {
            _piece = new byte[-length];
            length = _tokenizer.GetBytes(token, _piece);
        }

        if (length == 0 && _controlTexts.Count > 0 && _tokenizer.GetControlText(token) is { } text && _controlTexts.Contains(text))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        return _piece.AsSpan(0, length);
    }
}
