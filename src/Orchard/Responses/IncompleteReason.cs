namespace Orchard.Responses;

/// <summary>Why a response was cut short.</summary>
public enum IncompleteReason
{
    /// <summary>Not set, or a reason that this version of the library does not support.</summary>
    Unknown,

    /// <summary><see cref="GenerationOptions.MaxOutputTokens"/> was reached or the context is full.</summary>
    MaxOutputTokens,

    /// <summary>A content filter of the engine withheld the rest; the Orchard engine has no such filter.</summary>
    ContentFilter,
}
