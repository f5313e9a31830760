namespace Orchard.Engine.Inference;

/// <summary>Queries over a whole vocabulary.</summary>
internal static class TokenizerExtensions
{
    /// <summary>Returns the tokens that end a turn or a text, in ascending order. Checks each token of the vocabulary.</summary>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="vocabularySize">Number of tokens; ids start at 0.</param>
    public static int[] GetEndTokens(this ITokenizer tokenizer, int vocabularySize) =>
        [.. Enumerable.Range(0, vocabularySize).Where(tokenizer.IsEndOfGeneration)];
}
