namespace Orchard.Engine.Inference;

/// <summary>The prompt is too long: it leaves no room for a generated token.</summary>
internal sealed class ContextLengthException(int promptTokens, int contextLength) : Exception(
    $"The prompt has {promptTokens} tokens, but the context holds {contextLength}, including at least one for the completion. " +
    "Shorten the prompt or load the model with a longer context.")
{
    /// <summary>Number of tokens of the rejected prompt.</summary>
    public int PromptTokens { get; } = promptTokens;

    /// <summary>Maximum number of tokens of one sequence, prompt and completion together.</summary>
    public int ContextLength { get; } = contextLength;
}
