namespace Orchard.Engine.Serving.Clients;

/// <summary>The result of registering a client.</summary>
internal enum Registration
{
    /// <summary>The process exists and counts as a client.</summary>
    Counted,

    /// <summary>The process is not visible, for instance in another container. Only its connections count.</summary>
    Unseen,

    /// <summary>The engine is shutting down.</summary>
    Refused,
}
