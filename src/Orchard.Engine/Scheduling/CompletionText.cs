using System.Buffers;
using System.Text;
using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>Incrementally decodes the tokens of a completion into complete characters, up to a stop sequence. Not thread-safe.</summary>
internal sealed class CompletionText
{
    private readonly ITokenizer _tokenizer;
    private readonly IReadOnlyList<string> _controlTexts;
    private readonly Utf8TokenStream _characters = new();
    private readonly StopStringMatcher? _stops;
    private readonly ReasoningSkipper? _reasoning;
    private readonly ArrayBufferWriter<byte> _pending = new(64);
    private readonly ArrayBufferWriter<byte> _final = new(64);
    private byte[] _piece = new byte[64];

    /// <param name="tokenizer">The model's vocabulary.</param>
    /// <param name="stopStrings">Stop sequences.</param>
    /// <param name="controlTexts">Texts; the control tokens in them are part of the output (default: none).</param>
    /// <param name="reasoning">What surrounds the reasoning, in which stop sequences have no effect; null if there is none.</param>
    public CompletionText(
        ITokenizer tokenizer,
        IReadOnlyList<string> stopStrings,
        IReadOnlyList<string>? controlTexts = null,
        ReasoningMarks? reasoning = null)
    {
        _tokenizer = tokenizer;
        _controlTexts = controlTexts ?? [];
        _stops = stopStrings.Count == 0 ? null : new StopStringMatcher(stopStrings);
        _reasoning = reasoning is null ? null : new ReasoningSkipper(reasoning);
    }

    /// <summary>Text since the last <see cref="Clear"/> that cannot become part of a stop sequence any more.</summary>
    public ReadOnlySpan<byte> Final => _final.WrittenSpan;

    /// <summary>The stop sequence that ended the text, or null.</summary>
    public string? StopString => _stops?.Match;

    public void Append(int token)
    {
        ReadOnlySpan<byte> piece = BytesOf(token);
        if (_stops is null)
        {
            _characters.Append(piece, _final);
            return;
        }

        _characters.Append(piece, _pending);
        MatchStops(_stops);
    }

    /// <summary>Ends the text and releases everything held back, except a character that is incomplete.</summary>
    public void Complete()
    {
        if (_stops is not null)
        {
            _stops.Append(_reasoning is null ? default : _reasoning.Complete(_final), _final);
            _stops.Complete(_final);
        }
    }

    /// <summary>Clears <see cref="Final"/> after it has been reported.</summary>
    public void Clear() => _final.ResetWrittenCount();

    private void MatchStops(StopStringMatcher stops)
    {
        ReadOnlySpan<byte> text = _pending.WrittenSpan;
        stops.Append(_reasoning is null ? text : _reasoning.Skip(text, _final), _final);
        _pending.ResetWrittenCount();
    }

    private ReadOnlySpan<byte> BytesOf(int token)
    {
        int length = _tokenizer.GetBytes(token, _piece);
        if (length < 0)
        {
            _piece = new byte[-length];
            length = _tokenizer.GetBytes(token, _piece);
        }

        return length == 0 && _controlTexts.Count > 0 && _tokenizer.GetControlText(token) is { Length: > 0 } text && IsWritten(text)
            ? Encoding.UTF8.GetBytes(text)
            : _piece.AsSpan(0, length);
    }

    // Not in its caller, where the closure would be allocated for each token.
    private bool IsWritten(string controlText) => _controlTexts.Any(text => text.Contains(controlText, StringComparison.Ordinal));
}
