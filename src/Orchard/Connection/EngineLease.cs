using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Orchard.Connection.Transport;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Connection;

/// <summary>
/// One registered use of a namespace's engine by this process. An Orchard engine knows its clients by their connections; other PIE engines
/// know them by process id, so that only the last client of a process may deregister it. A process registers and deregisters one at a time,
/// because deregistering would otherwise remove the registration that another client has just made.
/// </summary>
internal sealed partial class EngineLease
{
    private static readonly TimeSpan DeregisterTimeout = TimeSpan.FromSeconds(2);
    private static readonly ConcurrentDictionary<string, Uses> UsesOfNamespace = new(StringComparer.Ordinal);

    private readonly Uses _uses;
    private int _released;

    private EngineLease(Uses uses) => _uses = uses;

    /// <summary>Registers this process and takes a lease, which lasts until it is released, whatever the engine replies.</summary>
    /// <param name="engineRoot">The namespace.</param>
    /// <param name="transport">The connections to the engine.</param>
    /// <param name="cancellationToken">Cancels the registration.</param>
    public static async Task<(EngineLease Lease, ManagementReply Reply)> TakeAsync(
        string engineRoot, IpcTransport transport, CancellationToken cancellationToken)
    {
        Uses uses = UsesOfNamespace.GetOrAdd(engineRoot, static _ => new Uses());
        await uses.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var command = new ManagementCommand
            {
                Type = ManagementCommand.ClientRegister,
                ClientPid = Environment.ProcessId,
                ProtocolVersion = ProtocolVersion.Current,
            };
            ManagementReply reply = await transport.CommandAsync(command, cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref uses.Count);
            return (new EngineLease(uses), reply);
        }
        finally
        {
            uses.Gate.Release();
        }
    }

    /// <summary>Releases the lease and, if it was the last one of the process, deregisters the process.</summary>
    /// <param name="transport">The connections to the engine.</param>
    /// <param name="time">Clock of the time limit.</param>
    /// <param name="logger">The log.</param>
    public async Task ReleaseAsync(IpcTransport transport, TimeProvider time, ILogger logger)
    {
        await _uses.Gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (Drop())
            {
                using var timeout = new CancellationTokenSource(DeregisterTimeout, time);
                var command = new ManagementCommand { Type = ManagementCommand.ClientDeregister, ClientPid = Environment.ProcessId };
                await transport.CommandAsync(command, timeout.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ConnectionClosedException or OperationCanceledException or WireException)
        {
            LogDeregisterFailed(logger, e.Message); // the engine notices by itself that this process is gone
        }
        finally
        {
            _uses.Gate.Release();
        }
    }

    /// <summary>Releases the lease without deregistering; further calls have no effect. Returns whether it was the last one.</summary>
    public bool Drop() => Interlocked.Exchange(ref _released, 1) == 0 && Interlocked.Decrement(ref _uses.Count) == 0;

    [LoggerMessage(11, LogLevel.Debug, "Deregistering from the engine failed: {Reason}")]
    private static partial void LogDeregisterFailed(ILogger logger, string reason);

    /// <summary>The leases of one namespace. Never removed: a process uses few namespaces.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "The semaphore owns no wait handle, and lives as long as the process.")]
    private sealed class Uses
    {
        public readonly SemaphoreSlim Gate = new(1, 1);
        public int Count;
    }
}
