namespace Orchard.Engine.Serving.Models;

/// <summary>A use of a loaded model, which is not unloaded until it is disposed. Thread-safe.</summary>
internal sealed class ModelUse : IDisposable
{
    private int _disposed;

    /// <summary>Begins a use. Call it under the lock that guards against unloading.</summary>
    public ModelUse(LoadedModelHandle model)
    {
        Model = model;
        model.BeginUse();
    }

    public LoadedModelHandle Model { get; }

    /// <summary>Ends the use. Further calls have no effect.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Model.EndUse();
        }
    }
}
