using System.Text;
using Orchard.Engine.Inference;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Tokenizes texts to embed, and pairs of a query and a document. Control tokens in them are plain text.</summary>
internal sealed class EmbeddingTexts(ITokenizer tokenizer, ITextEmbedder? embedder)
{
    /// <summary>Returns the tokens of a prompt.</summary>
    /// <param name="prompt">The prompt; its text, or else the document, is cut off at the end if it is too long.</param>
    /// <param name="limit">Maximum number of tokens.</param>
    public int[] Tokenize(WirePrompt prompt, int limit)
    {
        int[] text = tokenizer.Tokenize(prompt.Text.Span, addSpecial: false, parseSpecial: false);
        if (prompt.Extensions.Query is not { } query)
        {
            int[] tokens = tokenizer.Tokenize(prompt.Text.Span, addSpecial: true, parseSpecial: false);
            return tokens.Length <= limit ? tokens : Cut(tokens, text, limit);
        }

        int[] asked = tokenizer.Tokenize(Encoding.UTF8.GetBytes(query), addSpecial: false, parseSpecial: false);
        int[] pair = embedder!.JoinForRanking(asked, text);
        int room = limit - (pair.Length - text.Length);
        return pair.Length <= limit || room < 0 ? pair : embedder.JoinForRanking(asked, text.AsSpan(0, room));
    }

    // The tokens that the model adds after a text are kept: pooling may read the last one.
    private static int[] Cut(int[] tokens, int[] text, int limit)
    {
        int added = tokens.Length - text.Length;
        int before = 0;
        while (before < added && !tokens.AsSpan(before, text.Length).SequenceEqual(text))
        {
            before++;
        }

        int after = Math.Clamp(added - before, 0, limit);
        return [.. tokens.AsSpan(0, limit - after), .. tokens.AsSpan(tokens.Length - after)];
    }
}
