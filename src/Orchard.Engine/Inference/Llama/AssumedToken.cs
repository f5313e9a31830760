namespace Orchard.Engine.Inference.Llama;

/// <summary>A special token that the library assumes by its number, which is right for the vocabulary of the first models only.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Text">Its text.</param>
/// <param name="IsUsed">Whether it is a mark, so that the assumption may be right; an ordinary token is not used.</param>
internal readonly record struct AssumedToken(int Token, string Text, bool IsUsed);
