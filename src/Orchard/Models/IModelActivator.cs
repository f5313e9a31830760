namespace Orchard.Models;

/// <summary>Loads and unloads models in an engine. Decouples <see cref="ModelRegistry"/> from the engine.</summary>
internal interface IModelActivator
{
    /// <summary>
    /// Sends one load command and waits for its outcome. Cancelling also cancels the load in the engine.
    /// </summary>
    Task<ReadyModel> ActivateAsync(ResolvedModel model, Action<ModelLoadProgress> report, CancellationToken cancellationToken);

    /// <summary>
    /// Unloads a model from the engine; false when another client uses it. An engine that exits counts as having unloaded it.
    /// </summary>
    Task<bool> TryUnloadAsync(ResolvedModel model, ReadyModel ready, CancellationToken cancellationToken);

    /// <summary>Returns whether the engine process that loaded the model still has it. Called under a lock: must be fast.</summary>
    bool IsCurrent(ReadyModel model);
}
