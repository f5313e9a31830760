namespace Orchard;

/// <summary>How to unload a model that is in use.</summary>
public enum UnloadMode
{
    /// <summary>
    /// Waits until no call uses the model. The wait can last as long as new calls keep arriving; use a cancellation token to limit it.
    /// </summary>
    WaitForUsers,

    /// <summary>Throws <see cref="ModelInUseException"/>.</summary>
    RefuseIfInUse,
}
