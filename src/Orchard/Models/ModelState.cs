namespace Orchard;

/// <summary>The state of a model in a client.</summary>
public enum ModelState
{
    /// <summary>Not loaded by this client; the next call that needs the model loads it.</summary>
    Idle,

    /// <summary>Being loaded; all calls that need the model wait for the same load.</summary>
    Loading,

    /// <summary>
    /// Loaded by this client. The engine may have unloaded the model since, to make room or because it was idle for long enough; the next
    /// call that needs it then loads it again.
    /// </summary>
    Ready,

    /// <summary>The last load failed; the next call tries again.</summary>
    Failed,

    /// <summary>Being unloaded; a call that needs the model waits and loads it again.</summary>
    Unloading,
}
