namespace Orchard.Engine.Serving.Clients;

/// <summary>The result of registering a client.</summary>
internal enum Registration
{
    /// <summary>The process exists and counts as a client.</summary>
    Counted,

    /// <summary>Only the connections of the client count: its process is not visible, for instance in another container.</summary>
    Unseen,

    /// <summary>The engine is shutting down.</summary>
    Refused,
}
