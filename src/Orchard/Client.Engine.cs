using Orchard.Connection;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;

namespace Orchard;

public sealed partial class Client
{
    /// <summary>
    /// Returns what the engine is doing, for all applications that share it, as its last heartbeat says, which is at most some tenths of a
    /// second old. Connects first if necessary.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The state of the engine.</returns>
    /// <exception cref="EngineNotTrustedException">The directory of the namespace is not one of this user alone.</exception>
    /// <exception cref="EngineNotFoundException">The engine executable was not found.</exception>
    /// <exception cref="EngineStartException">The engine failed to start, or did not respond in time.</exception>
    /// <exception cref="EngineConnectionException">The engine exited, or the connection to it ended, before a heartbeat.</exception>
    /// <exception cref="RequestStalledException">There was no heartbeat for <see cref="ClientOptions.StallTimeout"/>.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<EngineSnapshot> GetEngineSnapshotAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        EngineSession session = await _connection.Sessions.GetAsync(cancellationToken).ConfigureAwait(false);
        Telemetry telemetry = await session.GetTelemetryAsync(cancellationToken).ConfigureAwait(false);
        return new EngineSnapshot
        {
            ProcessId = session.ProcessId,
            Uptime = TimeSpan.FromTicks((long)(telemetry.Health.UptimeNs / 100)),
            ResidentBytes = telemetry.Process?.ResidentBytes,
            Backends = ComputeBackends.Of(telemetry),
            ActiveRequests = telemetry.Health.ActiveRequests,
            Models = [.. telemetry.Models.Select(Describe)],
        };
    }

    /// <summary>
    /// Unloads a model from the engine, whichever application has loaded it. The next call that needs it loads it again. For
    /// administration; an application unloads its own models with <see cref="ModelRegistry.UnloadAsync"/>.
    /// </summary>
    /// <param name="id">Its id, <see cref="EngineModel.Id"/> or <see cref="ModelInfo.Id"/>.</param>
    /// <param name="cancellationToken">Cancels the wait. The model may be unloaded nevertheless.</param>
    /// <returns>A task that completes when the engine no longer has the model.</returns>
    /// <exception cref="ArgumentException"><paramref name="id"/> is null or blank.</exception>
    /// <exception cref="ModelInUseException">A call uses the model, or it is being loaded.</exception>
    /// <exception cref="RequestRejectedException">
    /// The engine does not support unloading models, like PIE engines other than Orchard's.
    /// </exception>
    /// <exception cref="EngineConnectionException">The engine exited, or the connection to it ended, before it answered.</exception>
    /// <exception cref="RequestStalledException">The engine did not answer for <see cref="ClientOptions.StallTimeout"/>.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task EvictModelAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ThrowIfDisposed();
        EngineSession session = await _connection.Sessions.GetAsync(cancellationToken).ConfigureAwait(false);
        var command = new ManagementCommand { Type = ManagementCommand.UnloadModel, CanonicalId = id };
        ManagementReply reply = await session.CommandAsync(command, cancellationToken).ConfigureAwait(false);
        if (!reply.IsOk)
        {
            throw reply.ErrorCode == ErrorCode.ModelInUse
                ? new ModelInUseException(id, $"The model '{id}' was not unloaded, because a call uses it or it is being loaded.")
                : new RequestRejectedException($"The engine did not unload the model '{id}': {reply.Message}", reply.ErrorCode);
        }
    }

    private static EngineModel Describe(TelemetryModel model) => new()
    {
        Id = model.CanonicalId,
        Name = model.RequestedId,
        State = model.LoadState switch
        {
            TelemetryModel.ReadyState => ModelState.Ready,
            TelemetryModel.LoadingState => ModelState.Loading,
            TelemetryModel.FailedState => ModelState.Failed,
            _ => ModelState.Idle,
        },
        LoadFraction = model.Counters?.LoadProgress,
        RunningSequences = model.RunningSequences,
        WaitingSequences = model.WaitingSequences,
        TokensPerSecond = model.TokensPerSecond,
        CachedTokens = model.Counters?.KvTokens,
        CacheCapacity = model.Counters?.KvCapacity,
    };
}
