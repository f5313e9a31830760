using Orchard.Models;

namespace Orchard.Calls;

/// <summary>
/// Repeats an attempt that has produced nothing yet: once when the engine turns out to have unloaded the model, and once when the
/// connection
/// to the engine ends.
/// </summary>
/// <param name="models">Loads the model.</param>
/// <param name="replay">Whether an attempt is repeated when the connection to the engine ends.</param>
internal sealed class ModelAttempts(ModelRegistry models, bool replay)
{
    /// <summary>Makes an attempt with a lease on the loaded model, which then owns the lease.</summary>
    public delegate Task<T?> Attempt<T>(ModelLease lease, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Runs the attempt until it has a result.</summary>
    /// <param name="model">The model, as the caller named it.</param>
    /// <param name="first">The first attempt; null when the engine has unloaded the model, which is then loaded again.</param>
    /// <param name="last">The attempt after that, which treats an unloaded model as an error.</param>
    /// <param name="cancellationToken">Cancels the attempts.</param>
    public async Task<T> RunAsync<T>(string model, Attempt<T> first, Attempt<T> last, CancellationToken cancellationToken)
        where T : class
    {
        Attempt<T> attempt = first;
        EngineConnectionException? end = null;
        while (true)
        {
            try
            {
                ModelLease lease = await models.AcquireAsync(model, cancellationToken).ConfigureAwait(false);
                if (await attempt(lease, cancellationToken).ConfigureAwait(false) is { } result)
                {
                    return result;
                }

                lease.Model.Discard();
                attempt = last;
            }
            catch (EngineConnectionException e) when (replay && end is null && !cancellationToken.IsCancellationRequested)
            {
                end = e;
            }
            catch (Exception e) when (end is not null && e is EngineStartException or EngineNotFoundException)
            {
                // No new engine could be started: the caller needs to know what happened to the last one.
                throw end.During(receivedCharacters: 0);
            }
        }
    }
}
