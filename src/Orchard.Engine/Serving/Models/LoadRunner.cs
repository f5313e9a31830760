using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;

namespace Orchard.Engine.Serving.Models;

/// <summary>Runs the load attempts of one model. Thread-safe.</summary>
internal sealed class LoadRunner(string canonicalId, IModelLoader loader, TimeProvider time, ILogger logger)
{
    /// <summary>Loads the model. Never throws.</summary>
    public async Task<LoadOutcome> RunAsync(LoadAttempt attempt)
    {
        long start = time.GetTimestamp();
        logger.LoadStarted(canonicalId, attempt.Path);
        try
        {
            LoadedModelHandle model = await loader
                .LoadAsync(attempt.Path, attempt.MapsFile, attempt, attempt.AbortToken).ConfigureAwait(false);
            logger.Loaded(canonicalId, time.GetElapsedTime(start).TotalSeconds);
            return new LoadOutcome(model, null);
        }
        catch (OperationCanceledException) when (attempt.IsAborted)
        {
            logger.LoadCancelled(canonicalId);
            return LoadOutcome.Cancelled;
        }
        catch (Exception e)
        {
            // Files and the native library can cause any exception. The client that asked for the model gets the message.
            logger.LoadFailed(canonicalId, e);
            return new LoadOutcome(null, e.Message);
        }
    }
}
