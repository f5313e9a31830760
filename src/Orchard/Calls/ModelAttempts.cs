using Orchard.Models;

namespace Orchard.Calls;

/// <summary>
/// Repeats an attempt that has produced nothing yet: once when the engine turns out to have unloaded the model, and once when the
/// connection to the engine ends.
/// </summary>
/// <param name="models">Loads the model.</param>
/// <param name="replay">Whether an attempt is repeated when the connection to the engine ends.</param>
internal sealed class ModelAttempts(ModelRegistry models, bool replay)
{
    /// <summary>
    /// Makes an attempt with a lease on the loaded model, which then owns the lease. Returns null when the engine has unloaded the model,
    /// which is then loaded again; if it may not be, that is an error.
    /// </summary>
    public delegate Task<T?> Attempt<T>(ModelLease lease, bool mayReload, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Runs the attempt until it has a result.</summary>
    /// <param name="model">The model, as the caller named it.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellationToken">Cancels the attempts.</param>
    public async Task<T> RunAsync<T>(string model, Attempt<T> attempt, CancellationToken cancellationToken)
        where T : class
    {
        bool mayReload = true;
        var connection = new ConnectionReplay(replay);
        while (true)
        {
            try
            {
                ModelLease lease = await models.AcquireAsync(model, cancellationToken).ConfigureAwait(false);
                if (await attempt(lease, mayReload, cancellationToken).ConfigureAwait(false) is { } result)
                {
                    return result;
                }

                lease.Model.Discard();
                mayReload = false;
            }
            catch (EngineConnectionException e) when (connection.TryBegin(e, cancellationToken))
            {
            }
            catch (Exception e) when (connection.HasFailed(e))
            {
                throw connection.Reason();
            }
        }
    }
}
