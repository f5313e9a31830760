using System.Collections.Concurrent;
using Orchard.Concurrency;

namespace Orchard.Models;

/// <summary>The download of one model name, shared by all callers that need it, and the listeners to its progress. Thread-safe.</summary>
internal sealed class ModelFetch
{
    private readonly string _model;
    private readonly IModelHub _hub;
    private readonly SingleFlight<ResolvedModel> _flight;
    private readonly ConcurrentDictionary<ProgressReports, byte> _listeners = new();

    public ModelFetch(string model, IModelHub hub)
    {
        _model = model;
        _hub = hub;
        _flight = new SingleFlight<ResolvedModel>(FetchAsync, static _ => false); // later calls find the stored model
    }

    /// <summary>Returns the model after downloading what is missing. The download is cancelled with its last caller.</summary>
    public async Task<ResolvedModel> GetAsync(ProgressReports? reports, CancellationToken cancellationToken)
    {
        if (reports is not null)
        {
            _listeners.TryAdd(reports, 0);
        }

        try
        {
            return await _flight.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (reports is not null)
            {
                _listeners.TryRemove(reports, out _);
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
        foreach (ProgressReports listener in _listeners.Keys)
        {
            listener.Add(progress);
        }
    }
}
