using System.Collections.Concurrent;
using Orchard.Connection;

namespace Orchard.Models;

/// <summary>The download of one model name, shared by all callers that need it, and the listeners to its progress. Thread-safe.</summary>
internal sealed class ModelFetch
{
    private readonly string _model;
    private readonly IModelHub _hub;
    private readonly SingleFlight<ResolvedModel> _flight;
    private readonly ConcurrentDictionary<IProgress<ModelLoadProgress>, byte> _listeners = new();

    public ModelFetch(string model, IModelHub hub)
    {
        _model = model;
        _hub = hub;
        _flight = new SingleFlight<ResolvedModel>(FetchAsync, static _ => false); // later calls find the stored model
    }

    /// <summary>Returns the model after downloading what is missing. The download is cancelled with its last caller.</summary>
    public async Task<ResolvedModel> GetAsync(IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken)
    {
        if (progress is not null)
        {
            _listeners.TryAdd(progress, 0);
        }

        try
        {
            return await _flight.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (progress is not null)
            {
                _listeners.TryRemove(progress, out _);
            }
        }
    }

    /// <summary>Whether a download is in flight.</summary>
    public bool IsRunning => _flight.LastOutcome is { IsCompleted: false };

    /// <summary>Completes when no download is in flight.</summary>
    public Task EndedAsync() => _flight.LastAttemptAsync();

    private Task<ResolvedModel> FetchAsync(CancellationToken cancellationToken) => _hub.FetchAsync(_model, Report, cancellationToken);

    private void Report(ModelLoadProgress progress)
    {
        foreach (IProgress<ModelLoadProgress> listener in _listeners.Keys)
        {
            try
            {
                listener.Report(progress);
            }
            catch (Exception)
            {
                // One caller's listener must not end the download that others wait for.
            }
        }
    }
}
