using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving.Models;

/// <summary>Runs the load attempts of one model. Thread-safe.</summary>
internal sealed class LoadRunner(IMemoryUser user, IModelLoader loader, ModelMemory memory, TimeProvider time, ILogger logger)
{
    /// <summary>Loads the model when there is memory for it. Never throws.</summary>
    public async Task<LoadOutcome> RunAsync(LoadAttempt attempt)
    {
        string id = user.CanonicalId;
        try
        {
            ModelNeeds needs = loader.Estimate(attempt.Path, attempt.Settings);
            long granted = await memory.ReserveAsync(user, attempt, needs, attempt.AbortToken).ConfigureAwait(false);
            long start = time.GetTimestamp();
            logger.LoadStarted(id, attempt.Path);
            LoadedModelHandle model = await loader
                .LoadAsync(attempt.Path, attempt.Settings, granted, attempt, attempt.AbortToken).ConfigureAwait(false);
            memory.Settle(attempt, model);
            logger.Loaded(id, time.GetElapsedTime(start).TotalSeconds);
            return new LoadOutcome(model, null);
        }
        catch (OperationCanceledException) when (attempt.IsAborted)
        {
            memory.Release(attempt);
            logger.LoadCancelled(id);
            return LoadOutcome.Cancelled;
        }
        catch (Exception e)
        {
            // Files and the native library can cause any exception. The client that asked for the model gets the message.
            memory.Release(attempt);
            logger.LoadFailed(id, e);
            return new LoadOutcome(null, e.Message, CodeOf(e));
        }
    }

    private static string? CodeOf(Exception error) => error switch
    {
        InsufficientMemoryException => ErrorCode.InsufficientMemory,
        DraftModelException => ErrorCode.DraftModel,
        _ => null,
    };
}
