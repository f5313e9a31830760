namespace Orchard.Engine.Inference;

/// <summary>What can be told from a vocabulary token by token.</summary>
internal static class TokenizerExtensions
{
    /// <summary>The tokens that end a turn or a text, in ascending order. Looks at each token.</summary>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="vocabularySize">Token ids are 0 to this minus one.</param>
    public static int[] GetEndTokens(this ITokenizer tokenizer, int vocabularySize) =>
        [.. Enumerable.Range(0, vocabularySize).Where(tokenizer.IsEndOfGeneration)];
}
