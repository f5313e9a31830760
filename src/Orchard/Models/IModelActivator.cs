namespace Orchard.Models;

/// <summary>Has a model loaded by an engine. The seam under <see cref="ModelRegistry"/>.</summary>
internal interface IModelActivator
{
    /// <summary>
    /// Sends one load command and waits for its outcome. Cancelling also cancels the load in the engine.
    /// </summary>
    Task<ReadyModel> ActivateAsync(ResolvedModel model, Action<ModelLoadProgress> report, CancellationToken cancellationToken);

    /// <summary>Has the engine let go of a model; false when somebody uses it. An engine that dies has let go of it.</summary>
    Task<bool> TryUnloadAsync(ResolvedModel model, ReadyModel ready, CancellationToken cancellationToken);

    /// <summary>Whether the engine process that loaded the model is still there. Must be quick: it is asked under a lock.</summary>
    bool IsCurrent(ReadyModel model);
}
