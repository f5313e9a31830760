using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference;

/// <summary>A model's vocabulary: text to tokens and back. Thread-safe.</summary>
internal interface ITokenizer
{
    /// <summary>Splits UTF-8 text into tokens. Control tokens written in the text become control tokens; BOS is added where the model asks for it.</summary>
    int[] Tokenize(ReadOnlySpan<byte> utf8);

    /// <summary>As the other, but what stands in <paramref name="plain"/> stays text whatever it looks like.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="plain">Ascending, within the text.</param>
    int[] Tokenize(ReadOnlySpan<byte> utf8, IReadOnlyList<PlainSpan> plain);

    /// <summary>Splits UTF-8 text into tokens.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="addSpecial">Whether to add the tokens that begin and end a text, where the model asks for them.</param>
    /// <param name="parseSpecial">Whether control tokens written in the text become control tokens.</param>
    int[] Tokenize(ReadOnlySpan<byte> utf8, bool addSpecial, bool parseSpecial);

    /// <summary>The text of tokens. Bytes that are no UTF-8, as of a character cut in two, become the replacement character.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="special">Whether control tokens are written out, rather than left out.</param>
    /// <exception cref="ArgumentException">A token is not in the vocabulary.</exception>
    string Detokenize(ReadOnlySpan<int> tokens, bool special);

    /// <summary>
    /// Writes the bytes of one token and returns their count, or the negated count when <paramref name="destination"/> is too small.
    /// Control tokens have none. The bytes need not be whole UTF-8 characters.
    /// </summary>
    int GetBytes(int token, Span<byte> destination);

    /// <summary>Whether the token ends a turn or a text.</summary>
    bool IsEndOfGeneration(int token);

    /// <summary>The text that stands for a control token, which has no bytes; null when the token is none.</summary>
    string? GetControlText(int token) => null;
}
