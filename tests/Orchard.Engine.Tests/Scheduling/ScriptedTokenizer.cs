using System.Text;
using Orchard.Engine.Inference;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>A vocabulary in which tokens 0 to 255 are single bytes. Tests can add further tokens.</summary>
internal sealed class ScriptedTokenizer : ITokenizer
{
    public const int EndOfGeneration = 256;
    public const int VocabularySize = 8192;

    /// <summary>The first of the tokens without bytes that begin each prompt and identify the sequence.</summary>
    public const int FirstMark = 1000;

    private const int FirstPiece = 4000;
    private static readonly byte[][] Bytes = [.. Enumerable.Range(0, byte.MaxValue + 1).Select(static value => new[] { (byte)value })];
    private readonly List<byte[]> _pieces = [];

    /// <summary>Adds a token with the given bytes. Not while sequences run.</summary>
    public int AddPiece(params byte[] bytes)
    {
        _pieces.Add(bytes);
        return FirstPiece + _pieces.Count - 1;
    }

    public int AddPiece(string text) => AddPiece(Encoding.UTF8.GetBytes(text));

    public int[] Tokenize(ReadOnlySpan<byte> utf8, IReadOnlyList<PlainSpan> plain) => Tokenize(utf8); // it has no control tokens

    public int[] Tokenize(ReadOnlySpan<byte> utf8, bool addSpecial, bool parseSpecial) => Tokenize(utf8);

    public string Detokenize(ReadOnlySpan<int> tokens, bool special) => string.Concat(tokens.ToArray().Select(token => (char)token));

    public int[] Tokenize(ReadOnlySpan<byte> utf8)
    {
        var tokens = new int[utf8.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = utf8[i];
        }

        return tokens;
    }

    public int GetBytes(int token, Span<byte> destination)
    {
        byte[] bytes = token switch
        {
            <= byte.MaxValue => Bytes[token],
            >= FirstPiece when token - FirstPiece < _pieces.Count => _pieces[token - FirstPiece],
            _ => [],
        };
        return bytes.AsSpan().TryCopyTo(destination) ? bytes.Length : -bytes.Length;
    }

    public bool IsMark(int token) => token is >= FirstMark and < FirstPiece;

    public bool IsEndOfGeneration(int token) => token == EndOfGeneration;
}
