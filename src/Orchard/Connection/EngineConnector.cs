using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orchard.Connection.Processes;
using Orchard.Connection.Transport;
using Orchard.Models;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Processes;

namespace Orchard.Connection;

/// <summary>
/// Gets a session with the engine of a namespace: attaches to the one that runs, else starts one. Between processes the launch lock
/// makes that one engine, however many start at once.
/// </summary>
/// <remarks>
/// Whether an engine runs is asked of the sockets alone: a pid file may be stale, lost, or name a process of another program. As long as
/// somebody listens, nothing is started, removed or ended, however silent it is.
/// </remarks>
internal sealed partial class EngineConnector(EngineRoot root, ClientOptions options, ILogger logger) : IEngineConnector
{
    // How often the engine that we start is dialled.
    private static readonly TimeSpan DialInterval = TimeSpan.FromMilliseconds(10);

    // How often everybody else looks: ever more rarely, and not all at the same moment, so that a hundred programs leave the processor
    // to the one that starts the engine.
    private static readonly TimeSpan ShortestRetryInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestRetryInterval = TimeSpan.FromMilliseconds(250);

    // The engine's word for "another engine owns the namespace": one that is about to leave, or whose sockets somebody removed.
    private const int NamespaceTakenExitCode = 3;

    private readonly TimeProvider _time = options.TimeProvider;

    /// <exception cref="EngineNotFoundException">None runs, and there is no executable to start.</exception>
    /// <exception cref="EngineStartException">None runs, and one could not be started within the limit; or the one that runs is of another version.</exception>
    public async Task<EngineSession> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.StartTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var obstacle = new Obstacle();
        try
        {
            CreateDirectories();
            return await TryAttachAsync(null, obstacle, limit.Token).ConfigureAwait(false)
                ?? await AttachOrStartAsync(obstacle, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineStartException(
                $"No engine answered in '{root.Directory}' within {options.StartTimeout.TotalSeconds:0.#} s: {obstacle.Reason}{EngineHolder.Describe(root)}{EngineLog.Tail(root.LogFile)}",
                e);
        }
    }

    private void CreateDirectories()
    {
        try
        {
            root.Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineStartException($"The engine's folder '{root.Directory}' cannot be used: {e.Message} Choose another with {nameof(ClientOptions)}.{nameof(ClientOptions.EngineRoot)} or {EngineRoot.CacheRootVariable}.", e);
        }
    }

    private async Task<EngineSession> AttachOrStartAsync(Obstacle obstacle, CancellationToken cancellationToken)
    {
        if (!options.StartEngine)
        {
            throw new EngineStartException(
                $"{obstacle.Reason} {nameof(ClientOptions)}.{nameof(ClientOptions.StartEngine)} is false, so none is started in '{root.Directory}'.{EngineHolder.Describe(root)}");
        }

        FileLock? launchLock = null;
        try
        {
            for (TimeSpan interval = ShortestRetryInterval; ; interval = Longer(interval))
            {
                // The lock first: whoever held it before us may have started the engine.
                launchLock ??= LaunchLock.TryAcquire(root.LaunchLockFile);
                EngineSession? session = await TryAttachAsync(null, obstacle, cancellationToken).ConfigureAwait(false);
                if (session is null && !obstacle.SomebodyListens)
                {
                    session = launchLock is null
                        ? obstacle.Set($"Another program is starting an engine and holds '{root.LaunchLockFile}'.", somebodyListens: false)
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

    // Null when the namespace is another engine's.
    private async Task<EngineSession?> TryStartAsync(Obstacle obstacle, CancellationToken cancellationToken)
    {
        string path = EngineLocator.Locate(options.EnginePath);
        EngineProcess process = EngineProcess.Start(path, root, options.EngineGraceTime);
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

                if (!obstacle.SomebodyListens)
                {
                    obstacle.Set($"The engine that was started, process {process.Id}, does not listen yet.", somebodyListens: false);
                }

                await Task.Delay(DialInterval, _time, cancellationToken).ConfigureAwait(false);
            }

            int exitCode = await process.Exited.ConfigureAwait(false);
            if (exitCode == NamespaceTakenExitCode)
            {
                return obstacle.Set(
                    "Another engine holds the namespace, but does not listen: it is about to leave, or its socket files were removed.", somebodyListens: false);
            }

            throw new EngineStartException($"The engine '{path}' (process {process.Id}) ended with exit code {exitCode} before it was ready.{EngineLog.Tail(root.LogFile)}");
        }
        finally
        {
            if (session is null)
            {
                if (!obstacle.SomebodyListens)
                {
                    process.Kill(); // once it listens, others may use it, and it leaves by itself when nobody does
                }

                process.Dispose();
            }
            else if (session.ProcessId != process.Id)
            {
                process.Dispose(); // another engine was quicker; ours finds the namespace taken and leaves
            }
        }
    }

    // Null when no engine took us in; the obstacle says why. A session is only handed out for an engine that has registered us, which
    // one that is about to leave does not.
    private async Task<EngineSession?> TryAttachAsync(EngineProcess? started, Obstacle obstacle, CancellationToken cancellationToken)
    {
        if (!File.Exists(root.ManagementSocket))
        {
            return obstacle.Set("No engine listens.", somebodyListens: false);
        }

        var events = new EngineEvents(_time);
        IpcTransport? transport = null;
        EngineLease? lease = null;
        try
        {
            obstacle.Set("An engine listens, but does not answer.", somebodyListens: true);
            transport = await IpcTransport.ConnectAsync(root, events.OnEvent, _time, logger, cancellationToken).ConfigureAwait(false);
            lease = EngineLease.Take(root.Directory);
            ManagementReply reply = await transport.CommandAsync(
                new ManagementCommand
                {
                    Type = ManagementCommand.ClientRegister,
                    ClientPid = Environment.ProcessId,
                    ProtocolVersion = ProtocolVersion.Current,
                },
                cancellationToken).ConfigureAwait(false);
            EngineIdentity? identity = reply.Data?.ClientRegister;
            EngineStartException? mismatch = ProtocolHandshake.Mismatch(identity, root);
            if (mismatch is null && !reply.IsOk && !reply.IsAccepted)
            {
                LogRefused(reply.Message);
                return obstacle.Set($"The engine refused to register this process: {reply.Message}", somebodyListens: true);
            }

            EngineProcess? owned = identity is null || identity.ProcessId == started?.Id ? started : null;
            var session = new EngineSession(root, transport, lease, events, identity, owned, options, logger);
            transport = null;
            lease = null;
            if (mismatch is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false); // it may have counted us as its client
                throw mismatch;
            }

            return session;
        }
        catch (SocketException e)
        {
            // A full backlog is a sign of a listener, though of one that does not accept.
            LogNotAttached(e.Message);
            bool full = e.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain;
            return obstacle.Set(full ? "An engine listens, but accepts no connection." : "No engine listens.", full);
        }
        catch (Exception e) when (e is IOException or WireException)
        {
            LogNotAttached(e.Message);
            return obstacle.Set($"The engine closed the connection: {e.Message}", somebodyListens: true);
        }
        finally
        {
            lease?.Release();
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(20, LogLevel.Information, "Started the engine {Path} as process {ProcessId} in {Root}")]
    private partial void LogStarted(string path, int processId, string root);

    [LoggerMessage(21, LogLevel.Debug, "Not attached to an engine: {Reason}")]
    private partial void LogNotAttached(string reason);

    [LoggerMessage(22, LogLevel.Debug, "The engine refused to register this process: {Reason}")]
    private partial void LogRefused(string? reason);

    /// <summary>What kept the last try of one connection from a session, for the error when there is no time for another.</summary>
    private sealed class Obstacle
    {
        public string Reason { get; private set; } = "";

        /// <summary>Whether there is a listener, so that starting an engine would be in vain.</summary>
        public bool SomebodyListens { get; private set; }

        /// <summary>Takes note; the value is what such a try comes to: no session.</summary>
        public EngineSession? Set(string reason, bool somebodyListens)
        {
            (Reason, SomebodyListens) = (reason, somebodyListens);
            return null;
        }
    }
}
