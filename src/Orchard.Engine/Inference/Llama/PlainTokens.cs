using System.Text;
using Orchard.Engine.Native;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference.Llama;

/// <summary>
/// Writes marks that are tokens of their own with ordinary tokens, so that a model reads them as text. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// The library finds user-defined tokens in any text, and some of its tokenizers join characters to any token of the vocabulary, also to a
/// control token. So the tokens of plain text are looked at afterwards.
/// </remarks>
internal sealed class PlainTokens
{
    private const TokenAttributes Marks = TokenAttributes.Control | TokenAttributes.UserDefined | TokenAttributes.Unused;
    private const int LongestPart = 16;

    private readonly LlamaModelHandle _model;
    private readonly TokenPieces _pieces;
    private readonly Lazy<Dictionary<string, int>> _parts;

    /// <param name="model">The vocabulary.</param>
    /// <param name="pieces">The bytes of its tokens.</param>
    public PlainTokens(LlamaModelHandle model, TokenPieces pieces)
    {
        _model = model;
        _pieces = pieces;
        _parts = new Lazy<Dictionary<string, int>>(FindParts);
    }

    /// <summary>
    /// Returns whether the text of a token with these attributes could be a mark: white space and single characters are not.
    /// </summary>
    public static bool IsMark(TokenAttributes attributes, string text) =>
        text.Length > 1 && !string.IsNullOrWhiteSpace(text.Replace('\u2581', ' '))
        && ((attributes & Marks) != 0 || MarkUnits.LengthAt(text) == text.Length);

    /// <summary>Returns the tokens with ordinary ones in place of marks.</summary>
    public List<int> Of(ReadOnlySpan<int> tokens)
    {
        var plain = new List<int>(tokens.Length);
        foreach (int token in tokens)
        {
            if (_model.GetText(token) is { } text && IsMark(_model.GetAttributes(token), text))
            {
                Spell(text, plain);
            }
            else
            {
                plain.Add(token);
            }
        }

        return plain;
    }

    // The longest ordinary token first, as most tokenizers would.
    private void Spell(string text, List<int> tokens)
    {
        string rest = Key(Encoding.UTF8.GetBytes(text));
        while (rest.Length > 0)
        {
            int length = Math.Min(rest.Length, LongestPart);
            while (length > 0 && !_parts.Value.ContainsKey(rest[..length]))
            {
                length--;
            }

            if (length > 0)
            {
                tokens.Add(_parts.Value[rest[..length]]);
            }

            rest = rest[Math.Max(length, 1)..]; // a character that the vocabulary does not have is left out
        }
    }

    private Dictionary<string, int> FindParts()
    {
        var parts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int token = 0; token < _pieces.Count; token++)
        {
            ReadOnlySpan<byte> bytes = _pieces.GetBytes(token);
            TokenAttributes attributes = _model.GetAttributes(token);
            bool isOrdinary = (attributes & (TokenAttributes.Normal | TokenAttributes.Byte)) != 0 && (attributes & Marks) == 0
                && !_pieces.EndsGeneration(token);
            if (isOrdinary && bytes.Length is > 0 and <= LongestPart && MarkUnits.LengthAt(Encoding.UTF8.GetString(bytes)) == 0)
            {
                parts.TryAdd(Key(bytes), token);
            }
        }

        return parts;
    }

    private static string Key(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
