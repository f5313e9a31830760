using Orchard.Engine.Native;
using Orchard.Grammars.Tokens;

namespace Orchard.Engine.Inference.Llama;

/// <summary>The bytes of all tokens, read once, so that detokenizing needs no native calls. Immutable.</summary>
internal sealed class TokenPieces : ITokenBytes
{
    private readonly int[] _starts;
    private readonly bool[] _endsGeneration;
    private readonly byte[] _bytes;

    /// <param name="model">The model.</param>
    /// <param name="endsGeneration">Whether a token ends an answer.</param>
    public TokenPieces(LlamaModelHandle model, Func<int, bool> endsGeneration)
    {
        int count = model.VocabularySize;
        _starts = new int[count + 1];
        _endsGeneration = new bool[count];
        using var bytes = new MemoryStream(count * 8);
        byte[] piece = new byte[256];
        for (int token = 0; token < count; token++)
        {
            int length = model.GetPiece(token, piece);
            if (length < 0)
            {
                piece = new byte[-length];
                length = model.GetPiece(token, piece);
            }

            bytes.Write(piece, 0, length);
            Longest = Math.Max(Longest, length);
            _starts[token + 1] = checked((int)bytes.Length);
            _endsGeneration[token] = endsGeneration(token);
        }

        _bytes = bytes.ToArray();
    }

    /// <summary>Number of bytes of the longest token.</summary>
    public int Longest { get; }

    public int Count => _endsGeneration.Length;

    /// <exception cref="ArgumentOutOfRangeException">The token is not in the vocabulary.</exception>
    public ReadOnlySpan<byte> GetBytes(int token)
    {
        CheckToken(token);
        return _bytes.AsSpan(_starts[token].._starts[token + 1]);
    }

    /// <exception cref="ArgumentOutOfRangeException">The token is not in the vocabulary.</exception>
    public bool EndsGeneration(int token)
    {
        CheckToken(token);
        return _endsGeneration[token];
    }

    private void CheckToken(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Count);
    }
}
