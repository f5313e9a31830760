namespace Orchard.Responses;

/// <summary>Reasoning of the model. The chat template decides whether a later prompt includes it. Immutable.</summary>
public sealed class ReasoningItem : ResponseItem
{
    /// <summary>Creates a reasoning item.</summary>
    /// <param name="text">The reasoning, as the model generated it; may be empty.</param>
    public ReasoningItem(string text) => Text = text;

    /// <inheritdoc/>
    public override string Type => "reasoning";

    /// <summary>The reasoning, as the model generated it.</summary>
    public string Text { get; }
}
