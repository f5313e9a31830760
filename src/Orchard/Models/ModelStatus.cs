namespace Orchard;

/// <summary>What a client knows of a model.</summary>
public enum ModelState
{
    /// <summary>Not loaded by this client; the next call that needs it loads it.</summary>
    Idle,

    /// <summary>Being loaded; everybody who needs it waits for that one load.</summary>
    Loading,

    /// <summary>Loaded.</summary>
    Ready,

    /// <summary>The last load failed; the next call tries again.</summary>
    Failed,

    /// <summary>Being unloaded; whoever needs it waits, and loads it again.</summary>
    Unloading,
}

/// <summary>A model and how it stands. A snapshot, immutable.</summary>
public sealed record ModelStatus
{
    /// <summary>The model's identity on this machine, as <see cref="ModelInfo.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute path of the model file.</summary>
    public required string Path { get; init; }

    /// <summary>How it stands.</summary>
    public required ModelState State { get; init; }

    /// <summary>What the model is; null unless it is loaded.</summary>
    public ModelInfo? Info { get; init; }

    /// <summary>Why the last load failed; null unless it did.</summary>
    public Exception? Error { get; init; }

    /// <summary>Calls of this client that use the model, or wait for it, now.</summary>
    public int Users { get; init; }
}

/// <summary>What becomes of an unload while somebody uses the model.</summary>
public enum UnloadMode
{
    /// <summary>It waits until nobody does. As long as new users keep coming, that is not to happen: bound the wait by a token.</summary>
    WaitForUsers,

    /// <summary>It fails with <see cref="ModelInUseException"/>.</summary>
    RefuseIfInUse,
}
