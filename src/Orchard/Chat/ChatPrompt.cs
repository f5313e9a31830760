namespace Orchard;

/// <summary>One conversation of a batch, with options of its own. Immutable.</summary>
/// <param name="Messages">The conversation so far, oldest first, at least one message.</param>
/// <param name="Options">How to generate; null for the defaults.</param>
public sealed record ChatPrompt(IReadOnlyList<Message> Messages, GenerationOptions? Options = null);
