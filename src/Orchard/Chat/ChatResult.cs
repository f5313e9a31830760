namespace Orchard;

/// <summary>A finished answer. Immutable.</summary>
public sealed record ChatResult
{
    /// <summary>What the model said. A stop string that ended it is not part of it.</summary>
    public required string Text { get; init; }

    /// <summary>Why the model stopped.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Tokens taken.</summary>
    public required Usage Usage { get; init; }
}
