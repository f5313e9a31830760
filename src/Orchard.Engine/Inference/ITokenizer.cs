using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference;

/// <summary>Converts between text and the tokens of a model's vocabulary. Thread-safe.</summary>
internal interface ITokenizer
{
    /// <summary>
    /// Tokenizes UTF-8 text. Control tokens written in the text become control tokens, and BOS is added if the model requires it.
    /// </summary>
    int[] Tokenize(ReadOnlySpan<byte> utf8);

    /// <summary>Tokenizes UTF-8 text, in parts of which no control tokens are recognized.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="plain">The parts that are plain text, in ascending order and within the text.</param>
    int[] Tokenize(ReadOnlySpan<byte> utf8, IReadOnlyList<PlainSpan> plain);

    /// <summary>Tokenizes UTF-8 text that continues a prompt, so that no BOS is added.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="plain">The parts that are plain text, in ascending order and within the text.</param>
    int[] TokenizeRest(ReadOnlySpan<byte> utf8, IReadOnlyList<PlainSpan> plain) => Tokenize(utf8, addSpecial: false, parseSpecial: true);

    /// <summary>Tokenizes UTF-8 text.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="addSpecial">Whether to add BOS and EOS tokens if the model requires them.</param>
    /// <param name="parseSpecial">Whether control tokens written in the text become control tokens.</param>
    int[] Tokenize(ReadOnlySpan<byte> utf8, bool addSpecial, bool parseSpecial);

    /// <summary>Returns the text of tokens. Bytes that are not valid UTF-8, such as part of a character, become U+FFFD.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="special">Whether the texts of control tokens are included.</param>
    /// <exception cref="ArgumentException">A token is not in the vocabulary.</exception>
    string Detokenize(ReadOnlySpan<int> tokens, bool special);

    /// <summary>Upper limit of the bytes of text that become one token.</summary>
    int LongestToken => int.MaxValue;

    /// <summary>
    /// Writes the bytes of a token and returns their number, or the negated number if <paramref name="destination"/> is too small. Control
    /// tokens have no bytes. The bytes may begin or end within a UTF-8 character.
    /// </summary>
    int GetBytes(int token, Span<byte> destination);

    /// <summary>Returns whether a token ends a turn or a text.</summary>
    bool IsEndOfGeneration(int token);

    /// <summary>Returns whether a token stands for a mark, such as the beginning of a message, rather than for text.</summary>
    bool IsMark(int token) => false;

    /// <summary>Returns the text of a control token, or null for other tokens.</summary>
    string? GetControlText(int token) => null;
}
