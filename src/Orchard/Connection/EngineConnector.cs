using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orchard.Connection.Transport;
using Orchard.Processes;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Processes;
using Orchard.Protocol.Sockets;

namespace Orchard.Connection;

/// <summary>
/// Opens sessions with the engine of a namespace: attaches to a running engine, or starts one. The launch lock ensures that only one
/// engine is started when several processes try at the same time.
/// </summary>
/// <remarks>
/// Only the sockets decide whether an engine is running: a pid file may be stale, missing, or name an unrelated process. While a process
/// listens on the sockets, nothing is started, removed or killed, even if that process does not respond.
/// </remarks>
/// <param name="root">The namespace.</param>
/// <param name="options">Which executable, and the time limits.</param>
/// <param name="logger">The log.</param>
/// <param name="onConnecting">Called when a session is about to be opened; null for nothing.</param>
internal sealed partial class EngineConnector(EngineRoot root, ClientOptions options, ILogger logger, Action? onConnecting = null)
    : IEngineConnector
{
    // Intervals between connection attempts to the engine that this process has started. Compiled ahead of time, it listens after some 15
    // milliseconds; compiled just in time, it takes ten times as long.
    private static readonly TimeSpan QuickStart = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan QuickDialInterval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan DialInterval = TimeSpan.FromMilliseconds(10);

    // Interval between the attempts of all other processes. It grows and is randomized, so that a hundred waiting programs leave the
    // processor to the one that starts the engine.
    private static readonly TimeSpan ShortestRetryInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestRetryInterval = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time = options.TimeProvider;

    /// <exception cref="EngineNotTrustedException">The directory of the namespace is not one of this user alone.</exception>
    /// <exception cref="EngineNotFoundException">No engine is running, and there is no executable to start.</exception>
    /// <exception cref="EngineStartException">
    /// No engine is running and none could be started in time, or the running one uses another protocol version.
    /// </exception>
    /// <exception cref="EngineNotTrustedException">The engine that is running belongs to another user.</exception>
    public async Task<EngineSession> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.StartTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var obstacle = new Obstacle();
        onConnecting?.Invoke();
        try
        {
            CreateDirectories();
            return await TryAttachAsync(null, obstacle, limit.Token).ConfigureAwait(false)
                ?? await AttachOrStartAsync(obstacle, limit.Token).ConfigureAwait(false);
        }
        catch (ForeignUserException e)
        {
            throw new EngineNotTrustedException(
                $"{e.Message} Choose another directory with {nameof(ClientOptions)}.{nameof(ClientOptions.EngineRoot)}, "
                + "or run the application as the user of the engine.",
                e);
        }
        catch (Exception e) when (DescriptorLimit.IsReached(e))
        {
            throw DescriptorLimit.Describe(e);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineStartException(
                $"No engine answered in '{root.Directory}' within {options.StartTimeout.TotalSeconds:0.#} s: "
                + $"{obstacle.Reason}{EngineHolder.Describe(root)}{EngineLog.OfStart(root, obstacle.Output)}",
                e);
        }
    }

    private void CreateDirectories()
    {
        try
        {
            root.Create();
        }
        catch (UntrustedPathException e)
        {
            throw NamespaceRefusal.Of(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineStartException(
                $"The engine directory '{root.Directory}' cannot be used: {e.Message} "
                + $"Choose another with {nameof(ClientOptions)}.{nameof(ClientOptions.EngineRoot)} or {EngineRoot.CacheRootVariable}.",
                e);
        }
    }

    private async Task<EngineSession> AttachOrStartAsync(Obstacle obstacle, CancellationToken cancellationToken)
    {
        if (!options.StartEngine)
        {
            throw new EngineStartException(
                $"{obstacle.Reason} {nameof(ClientOptions)}.{nameof(ClientOptions.StartEngine)} is false, "
                + $"so none is started in '{root.Directory}'. Start one there, or set it to true.{EngineHolder.Describe(root)}");
        }

        FileLock? launchLock = null;
        try
        {
            for (TimeSpan interval = ShortestRetryInterval; ; interval = Longer(interval))
            {
                // Take the lock first: its previous holder may have started the engine.
                launchLock ??= LaunchLock.TryAcquire(root.LaunchLockFile);
                EngineSession? session = await TryAttachAsync(null, obstacle, cancellationToken).ConfigureAwait(false);
                if (session is null && !obstacle.HasListener)
                {
                    session = launchLock is null
                        ? obstacle.Set($"Another program is starting an engine and holds '{root.LaunchLockFile}'.", hasListener: false)
                        : await TryStartAsync(obstacle, cancellationToken).ConfigureAwait(false);
                }

                if (session is not null)
                {
                    return session;
                }

                await Task.Delay(interval * (0.5 + Random.Shared.NextDouble()), _time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            launchLock?.Dispose();
        }
    }

    private static TimeSpan Longer(TimeSpan interval) => interval * 2 < LongestRetryInterval ? interval * 2 : LongestRetryInterval;

    // Null when another engine owns the namespace.
    private async Task<EngineSession?> TryStartAsync(Obstacle obstacle, CancellationToken cancellationToken)
    {
        string path = EngineLocator.Locate(options.EnginePath, root.IsPieCompatible);
        var choice = ScopeChoice.Of(ScopeConditions.OfThisProcess());
        if (choice.Scope is { } scope)
        {
            try
            {
                return await TryStartAsync(path, scope, obstacle, cancellationToken).ConfigureAwait(false);
            }
            catch (EngineScopeException e)
            {
                LogNoScope(choice.Service, e.Message);
            }
        }
        else if (choice.Obstacle is { } reason)
        {
            LogNoScope(choice.Service, reason);
        }

        return await TryStartAsync(path, null, obstacle, cancellationToken).ConfigureAwait(false);
    }

    private async Task<EngineSession?> TryStartAsync(
        string path, EngineScope? scope, Obstacle obstacle, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        EngineProcess process = EngineProcess.Start(path, root, options.EngineGraceTime, scope);
        LogStarted(path, process.Id, root.Directory);
        EngineSession? session = null;
        try
        {
            while (!process.Exited.IsCompleted)
            {
                session = await TryAttachAsync(process, obstacle, cancellationToken).ConfigureAwait(false);
                if (session is not null)
                {
                    return session;
                }

                if (!obstacle.HasListener)
                {
                    obstacle.Set($"The engine that was started, process {process.Id}, does not listen yet.", hasListener: false);
                }

                TimeSpan elapsed = _time.GetElapsedTime(start);
                scope?.ThrowIfOverdue(process.Id, elapsed);
                await Task.Delay(elapsed < QuickStart ? QuickDialInterval : DialInterval, _time, cancellationToken).ConfigureAwait(false);
            }

            int exitCode = await process.Exited.ConfigureAwait(false);
            if (exitCode == EngineExitCode.AlreadyRunning)
            {
                return obstacle.Set(
                    "Another engine holds the namespace but does not listen: it is about to exit, or its socket files were removed.",
                    hasListener: false);
            }

            if (scope is not null)
            {
                throw scope.Failure(exitCode, await process.ReadEarlyOutputAsync(_time).ConfigureAwait(false));
            }

            throw new EngineStartException(
                $"The engine '{path}' (process {process.Id}) ended with exit code {exitCode} before it was ready."
                + EngineLog.OfStart(root, await process.ReadEarlyOutputAsync(_time).ConfigureAwait(false)));
        }
        finally
        {
            obstacle.Output = process.EarlyOutput;
            if (session is null)
            {
                if (!obstacle.HasListener)
                {
                    process.Kill(); // once it listens, others may use it, and it exits by itself when it has no clients
                }

                process.Dispose();
            }
            else if (session.ProcessId != process.Id)
            {
                process.Dispose(); // another engine started first; this one finds the namespace taken and exits
            }
        }
    }

    // Null when there is no engine or it did not accept this process; the obstacle has the reason. A session is returned only for an
    // engine that has registered this process, which an engine that is about to exit does not do.
    private async Task<EngineSession?> TryAttachAsync(EngineProcess? started, Obstacle obstacle, CancellationToken cancellationToken)
    {
        if (!File.Exists(root.ManagementSocket))
        {
            return obstacle.Set("No engine listens.", hasListener: false);
        }

        var events = new EngineEvents(_time);
        try
        {
            obstacle.Set("An engine listens, but does not answer.", hasListener: true);
            IpcTransport transport =
                await IpcTransport.ConnectAsync(root, events.OnEvent, _time, logger, cancellationToken).ConfigureAwait(false);
            Registration registration =
                await Registration.AttachAsync(root, transport, events, started, options, logger, cancellationToken).ConfigureAwait(false);
            if (registration.Session is null)
            {
                LogRefused(registration.Refusal);
                return obstacle.Set($"The engine refused to register this process: {registration.Refusal}", hasListener: true);
            }

            return registration.Session;
        }
        catch (SocketException e) when (!DescriptorLimit.IsReached(e))
        {
            // A full backlog means that there is a listener, but one that does not accept connections.
            LogNotAttached(e.Message);
            bool full = e.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain;
            return obstacle.Set(full ? "An engine listens, but accepts no connection." : "No engine listens.", full);
        }
        catch (Exception e) when (e is IOException or WireException && !DescriptorLimit.IsReached(e))
        {
            LogNotAttached(e.Message);
            return obstacle.Set($"The engine closed the connection: {e.Message}", hasListener: true);
        }
    }

    [LoggerMessage(20, LogLevel.Information, "Started the engine {Path} as process {ProcessId} in {Root}")]
    private partial void LogStarted(string path, int processId, string root);

    [LoggerMessage(21, LogLevel.Debug, "Not attached to an engine: {Reason}")]
    private partial void LogNotAttached(string reason);

    [LoggerMessage(22, LogLevel.Debug, "The engine refused to register this process: {Reason}")]
    private partial void LogRefused(string? reason);

    [LoggerMessage(23, LogLevel.Information, "The engine is started in the control group of {Service} and ends with it: {Reason}")]
    private partial void LogNoScope(string service, string reason);

    /// <summary>Why the last attempt of a connection failed, for the error when time runs out.</summary>
    private sealed class Obstacle
    {
        public string Reason { get; private set; } = "";

        /// <summary>Whether a process listens on the sockets, so that starting an engine would fail.</summary>
        public bool HasListener { get; private set; }

        /// <summary>What the engine that was started last has written before it had a log.</summary>
        public string? Output { get; set; }

        /// <summary>Records the reason. Always returns null, the result of a failed attempt.</summary>
        public EngineSession? Set(string reason, bool hasListener)
        {
            (Reason, HasListener) = (reason, hasListener);
            return null;
        }
    }
}
