namespace Orchard.Routing;

/// <summary>What the choice between the models of a route depends on.</summary>
internal sealed record RouteCall
{
    /// <summary>A command, which waits in no queue.</summary>
    public static RouteCall Command { get; } = new();

    /// <summary>Waits until a model is loaded, however long that takes.</summary>
    public static RouteCall Load { get; } = new() { WaitsForLoad = true };

    /// <summary>The id of the conversation; null if the call has none.</summary>
    public string? Conversation { get; init; }

    /// <summary>Whether the conversation has had answers before.</summary>
    public bool IsContinued { get; init; }

    /// <summary>Number of sequences that the call adds to the queue of a model.</summary>
    public int Sequences { get; init; }

    /// <summary>Whether the call waits for the local model to be loaded, however long that takes.</summary>
    public bool WaitsForLoad { get; init; }
}
