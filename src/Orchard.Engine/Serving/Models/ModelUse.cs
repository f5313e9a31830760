namespace Orchard.Engine.Serving.Models;

/// <summary>A use of a loaded model, which is not unloaded until it is disposed. Thread-safe.</summary>
/// <param name="model">The model, whose use has begun.</param>
/// <param name="end">Ends the use.</param>
internal sealed class ModelUse(LoadedModelHandle model, Action end) : IDisposable
{
    private int _disposed;

    public LoadedModelHandle Model { get; } = model;

    /// <summary>Ends the use. Further calls have no effect.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            end();
        }
    }
}
