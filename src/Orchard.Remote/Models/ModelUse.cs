namespace Orchard.Remote.Models;

/// <summary>A use of a model by one call.</summary>
/// <param name="model">The model.</param>
/// <param name="leave">Ends the use.</param>
internal sealed class ModelUse(RemoteModel model, Action leave) : IDisposable
{
    private Action? _leave = leave;

    /// <summary>The model.</summary>
    public RemoteModel Model => model;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();

    /// <summary>Notes the failure of a call, after which the server may serve other models than before.</summary>
    public void Note(Exception error)
    {
        if (error is EngineConnectionException or ModelNotFoundException or ModelAccessException)
        {
            model.Expire();
        }
    }
}
