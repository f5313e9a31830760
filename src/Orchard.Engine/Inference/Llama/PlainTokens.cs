using System.Buffers;
using System.Globalization;
using System.Text;
using Orchard.Engine.Native;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference.Llama;

/// <summary>
/// Writes marks that are tokens of their own with ordinary tokens, so that a model reads them as text. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// The library finds user-defined tokens in any text, and most of its tokenizers join characters to any token of the vocabulary, also to a
/// control token. So the tokens of plain text are looked at afterwards.
/// </remarks>
internal sealed class PlainTokens
{
    private const TokenAttributes Marks = TokenAttributes.Control | TokenAttributes.UserDefined | TokenAttributes.Unused;
    private const TokenAttributes Texts = Marks | TokenAttributes.Unknown;
    private const int LongestPart = 16;
    private const char Space = '\u2581'; // stands for a space in the texts of most vocabularies

    private readonly LlamaModelHandle _model;
    private readonly TokenPieces _pieces;
    private readonly bool[] _isMark;
    private readonly Lazy<Parts> _parts;
    private readonly Lazy<SearchValues<string>> _search;

    /// <param name="model">The vocabulary.</param>
    /// <param name="pieces">The bytes of its tokens.</param>
    public PlainTokens(LlamaModelHandle model, TokenPieces pieces)
    {
        _model = model;
        _pieces = pieces;
        _isMark = new bool[pieces.Count];
        _parts = new Lazy<Parts>(FindParts);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        for (int token = 0; token < _isMark.Length; token++)
        {
            TokenAttributes attributes = model.GetAttributes(token);
            string text = model.GetText(token) ?? string.Empty;
            _isMark[token] = IsMark(attributes, text);
            bool isFound = _isMark[token] || ((attributes & (TokenAttributes.Control | TokenAttributes.Unknown)) != 0 && text.Length > 1);
            if (isFound && (attributes & Texts) != 0)
            {
                texts.Add(text);
            }
        }

        ControlTexts = [.. texts];
        _search = new Lazy<SearchValues<string>>(() => SearchValues.Create(ControlTexts, StringComparison.Ordinal));
    }

    /// <summary>
    /// Texts of the tokens that mark something in a prompt and that the tokenizer finds in text: control tokens, those that the converter
    /// has defined, unused ones and the one for what is unknown.
    /// </summary>
    public string[] ControlTexts { get; }

    /// <summary>Returns the tokens with ordinary ones in place of marks.</summary>
    public List<int> Of(ReadOnlySpan<int> tokens)
    {
        var plain = new List<int>(tokens.Length);
        foreach (int token in tokens)
        {
            if (_isMark[token])
            {
                Spell(token, plain);
            }
            else
            {
                plain.Add(token);
            }
        }

        return plain;
    }

    /// <summary>
    /// Returns whether the tokens of a text contain a mark that is not in the text: tokenizers that write spaces with another character, or
    /// normalize letters, find some marks in other text, too.
    /// </summary>
    public bool HasOthersThanIn(ReadOnlySpan<byte> utf8, ReadOnlySpan<int> tokens)
    {
        Dictionary<int, int>? counts = null;
        foreach (int token in tokens)
        {
            if (_isMark[token])
            {
                counts ??= [];
                counts[token] = counts.GetValueOrDefault(token) + 1;
            }
        }

        foreach ((int token, int count) in counts ?? [])
        {
            if ((_model.GetAttributes(token) & Marks) != 0 && utf8.Count(Encoding.UTF8.GetBytes(_model.GetText(token)!)) < count)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Splits a text at the control texts that are written in it.</summary>
    public IEnumerable<(string Text, bool IsMark)> Split(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int found = text.AsSpan(at).IndexOfAny(_search.Value);
            int length = found < 0 ? text.Length - at : found;
            if (length > 0)
            {
                yield return (text.Substring(at, length), false);
            }

            at += length;
            if (found >= 0)
            {
                string mark = ControlTexts
                    .Where(mark => string.CompareOrdinal(text, at, mark, 0, mark.Length) == 0)
                    .MaxBy(static mark => mark.Length)!;
                yield return (mark, true);
                at += mark.Length;
            }
        }
    }

    // White space is text. So is a single character, such as an emoji, unless it is a control token: models are trained with such
    // user-defined tokens as text, as Gemma is with those for runs of spaces and of new lines.
    private static bool IsMark(TokenAttributes attributes, string text) =>
        !string.IsNullOrWhiteSpace(text.Replace(Space, ' '))
        && (StringInfo.GetNextTextElementLength(text) == text.Length
            ? (attributes & TokenAttributes.Control) != 0
            : (attributes & Marks) != 0 || MarkUnits.LengthAt(text) == text.Length);

    // The longest ordinary token first, as most tokenizers would.
    private void Spell(int mark, List<int> tokens)
    {
        string rest = Key(BytesOf(mark));
        Dictionary<string, int> parts = _parts.Value.Tokens;
        while (rest.Length > 0)
        {
            int length = Math.Min(rest.Length, LongestPart);
            while (length > 0 && !parts.ContainsKey(rest[..length]))
            {
                length--;
            }

            if (length > 0)
            {
                tokens.Add(parts[rest[..length]]);
            }

            rest = rest[Math.Max(length, 1)..]; // a character that the vocabulary does not have is left out
        }
    }

    private byte[] BytesOf(int mark)
    {
        byte[] piece = new byte[256];
        int length = _model.GetPiece(mark, piece, special: true);
        if (length < 0)
        {
            piece = new byte[-length];
            length = _model.GetPiece(mark, piece, special: true);
        }

        piece = length > 0 ? piece[..length] : Encoding.UTF8.GetBytes(_model.GetText(mark) ?? string.Empty); // unused tokens have no bytes
        return _parts.Value.HaveSpaceSign
            ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(piece).Replace(Space, ' '))
            : piece;
    }

    private Parts FindParts()
    {
        var parts = new Dictionary<string, int>(StringComparer.Ordinal);
        bool haveSpaceSign = false;
        for (int token = 0; token < _pieces.Count; token++)
        {
            ReadOnlySpan<byte> bytes = _pieces.GetBytes(token);
            TokenAttributes attributes = _model.GetAttributes(token);
            bool isOrdinary = (attributes & (TokenAttributes.Normal | TokenAttributes.Byte)) != 0 && (attributes & Marks) == 0
                && !_pieces.EndsGeneration(token);
            if (isOrdinary && bytes.Length is > 0 and <= LongestPart && MarkUnits.LengthAt(Encoding.UTF8.GetString(bytes)) == 0)
            {
                parts.TryAdd(Key(bytes), token);
                haveSpaceSign |= bytes[0] == ' ' && _model.GetText(token) is [Space, ..];
            }
        }

        return new Parts(parts, haveSpaceSign);
    }

    private static string Key(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The ordinary tokens, by their bytes, and whether a sign stands for the space in their texts.</summary>
    private sealed record Parts(Dictionary<string, int> Tokens, bool HaveSpaceSign);
}
