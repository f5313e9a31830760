namespace Orchard.Engine.Scheduling;

/// <summary>A prompt that can never run: it leaves no room for even one generated token.</summary>
internal sealed class ContextLengthException(int promptTokens, int contextLength) : Exception(
    $"The prompt has {promptTokens} tokens, but the context holds {contextLength}, one of which the answer needs. " +
    "Shorten the prompt or load the model with a longer context.")
{
    /// <summary>Tokens of the refused prompt.</summary>
    public int PromptTokens { get; } = promptTokens;

    /// <summary>Tokens one sequence may hold, prompt and completion together.</summary>
    public int ContextLength { get; } = contextLength;
}
