namespace Orchard.Testing;

/// <summary>Kinds of management commands.</summary>
public enum FakeCommandKind
{
    /// <summary>Any command that has no value of its own here.</summary>
    Other,

    /// <summary>Registers a process as a client.</summary>
    Register,

    /// <summary>Removes a process from the clients.</summary>
    Deregister,

    /// <summary>Loads a model.</summary>
    LoadModel,

    /// <summary>Cancels a model load.</summary>
    CancelLoad,

    /// <summary>Cancels a request.</summary>
    CancelRequest,

    /// <summary>Unloads a model.</summary>
    UnloadModel,
}
