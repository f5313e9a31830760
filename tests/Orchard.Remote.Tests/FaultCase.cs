namespace Orchard.Remote.Tests;

/// <summary>A fault, and how the call ends.</summary>
/// <param name="Name">Says what goes wrong.</param>
internal sealed record FaultCase(string Name)
{
    /// <summary>The reply to the first, second and so on request for an answer; the last one is repeated.</summary>
    public required WireReply[] Replies { get; init; }

    /// <summary>The exception of the call; null if it is answered.</summary>
    public Type? Error { get; init; }

    /// <summary>The code of a rejection.</summary>
    public string? Code { get; init; }

    /// <summary>A text of the message.</summary>
    public string? Says { get; init; }

    /// <summary>The number of requests for an answer.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The text that the caller has received.</summary>
    public string Text { get; init; } = "";

    /// <summary>Shown by the test runner.</summary>
    public override string ToString() => Name;
}
