namespace Orchard.Protocol.Messages.Requests;

/// <summary>The delimiters of a model's reasoning, called <c>thinking_tokens</c> on the wire; empty if the model has none.</summary>
/// <param name="Start">The text that starts reasoning.</param>
/// <param name="End">The text that ends reasoning.</param>
/// <param name="Required">Whether the prompt already ends with the start of reasoning.</param>
internal sealed record ThinkingTokens(string Start, string End, bool Required)
{
    public static ThinkingTokens None { get; } = new("", "", false);
}
