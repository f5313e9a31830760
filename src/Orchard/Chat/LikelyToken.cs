namespace Orchard;

/// <summary>A token that could have come next. Immutable.</summary>
public sealed record LikelyToken
{
    /// <summary>The token's id in the model's vocabulary.</summary>
    public required int Id { get; init; }

    /// <summary>Its text; empty for a control token, and with replacement characters where it holds a part of a character. <see cref="Bytes"/> are exact.</summary>
    public required string Text { get; init; }

    /// <summary>Its bytes; several tokens can make up one UTF-8 character.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Natural logarithm of its probability, 0 or less, as the model gave it: before bias, penalties and temperature.</summary>
    public required double Logprob { get; init; }
}
