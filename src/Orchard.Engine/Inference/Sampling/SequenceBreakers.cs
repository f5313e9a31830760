using System.Text;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>Notices the texts that end a repetition, also those that several tokens write together.</summary>
internal sealed class SequenceBreakers
{
    private readonly byte[][] _breakers;
    private readonly int _reach;
    private readonly List<byte> _text = [];

    public SequenceBreakers(IEnumerable<string> breakers)
    {
        _breakers = [.. breakers.Select(Encoding.UTF8.GetBytes)];
        _reach = _breakers.Select(static breaker => breaker.Length - 1).DefaultIfEmpty().Max();
    }

    /// <summary>Whether a token contains a whole breaker.</summary>
    public bool IsIn(ReadOnlySpan<byte> token)
    {
        foreach (byte[] breaker in _breakers)
        {
            if (token.IndexOf(breaker) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Appends a token to the text. Returns whether a breaker ends in it.</summary>
    public bool EndIn(ReadOnlySpan<byte> token)
    {
        // Any breaker in the text ends in this token, because too little of the tokens before it is kept for another one.
        _text.AddRange(token);
        ReadOnlySpan<byte> text = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_text);
        bool ended = false;
        foreach (byte[] breaker in _breakers)
        {
            ReadOnlySpan<byte> near = text[Math.Max(0, text.Length - token.Length - breaker.Length + 1)..];
            ended |= near.IndexOf(breaker) >= 0;
        }

        _text.RemoveRange(0, Math.Max(0, _text.Count - _reach));
        return ended;
    }
}
