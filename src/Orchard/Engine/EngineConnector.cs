using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orchard.Ipc;
using Orchard.Models;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine;

/// <summary>
/// Gets a session with the engine of a namespace: attaches to the one that runs, else starts one. Between processes the launch lock
/// makes that one engine, however many start at once.
/// </summary>
internal sealed partial class EngineConnector(EngineRoot root, ClientOptions options, ILogger logger) : IEngineConnector
{
    // An engine answers within a quarter of a second; one that does not in this time is not worth waiting for.
    private static readonly TimeSpan AttachTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DialInterval = TimeSpan.FromMilliseconds(10);

    // The engine's word for "another engine owns the namespace": the launch lock was bypassed, so attach to that one.
    private const int NamespaceTakenExitCode = 3;

    private readonly TimeProvider _time = options.TimeProvider;

    /// <exception cref="EngineNotFoundException">None runs, and there is no executable to start.</exception>
    /// <exception cref="EngineStartException">None runs, and one could not be started within the limit.</exception>
    public async Task<EngineSession> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.StartTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            CreateDirectories();
            return await TryAttachAsync(null, limit.Token).ConfigureAwait(false)
                ?? await AttachOrStartAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineStartException(
                $"No engine answered in '{root.Directory}' within {options.StartTimeout.TotalSeconds:0.#} s. If a process there hangs, end it (its id is in '{root.PidFile}') and try again.{EngineLog.Tail(root.LogFile)}",
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

    private async Task<EngineSession> AttachOrStartAsync(CancellationToken cancellationToken)
    {
        if (!options.StartEngine)
        {
            throw new EngineStartException($"No engine runs in '{root.Directory}', and {nameof(ClientOptions)}.{nameof(ClientOptions.StartEngine)} is false.");
        }

        FileStream launchLock = await LaunchLock.AcquireAsync(root.LaunchLockFile, _time, cancellationToken).ConfigureAwait(false);
        await using (launchLock.ConfigureAwait(false))
        {
            // Whoever held the lock before us may have started the engine.
            return await TryAttachAsync(null, cancellationToken).ConfigureAwait(false)
                ?? await StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<EngineSession> StartAsync(CancellationToken cancellationToken)
    {
        string path = EngineLocator.Locate(options.EnginePath);
        EngineProcess process = EngineProcess.Start(path, root, options.EngineGraceTime);
        LogStarted(path, process.Id, root.Directory);
        EngineSession? session = null;
        try
        {
            while (!process.Exited.IsCompleted)
            {
                session = await TryAttachAsync(process, cancellationToken).ConfigureAwait(false);
                if (session is not null)
                {
                    return session;
                }

                await Task.Delay(DialInterval, _time, cancellationToken).ConfigureAwait(false);
            }

            int exitCode = await process.Exited.ConfigureAwait(false);
            if (exitCode == NamespaceTakenExitCode)
            {
                session = await TryAttachAsync(null, cancellationToken).ConfigureAwait(false);
                if (session is not null)
                {
                    return session;
                }
            }

            throw new EngineStartException($"The engine '{path}' (process {process.Id}) ended with exit code {exitCode} before it was ready.{EngineLog.Tail(root.LogFile)}");
        }
        finally
        {
            if (session is null)
            {
                process.Kill();
                process.Dispose();
            }
        }
    }

    // Null when no engine answers there. A session is only handed out for an engine that has registered us, which one that is about to
    // leave does not.
    private async Task<EngineSession?> TryAttachAsync(EngineProcess? started, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AttachTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var loads = new LoadOutcomes();
        IpcTransport? transport = null;
        try
        {
            transport = await IpcTransport.ConnectAsync(root, loads.OnEvent, _time, logger, limit.Token).ConfigureAwait(false);
            ManagementReply reply = await transport.CommandAsync(
                new ManagementCommand
                {
                    Type = ManagementCommand.ClientRegister,
                    ClientPid = Environment.ProcessId,
                    ProtocolVersion = ProtocolVersion.Current,
                },
                limit.Token).ConfigureAwait(false);
            if (!reply.IsOk && !reply.IsAccepted)
            {
                LogRefused(reply.Message);
                return null;
            }

            EngineIdentity? identity = reply.Data?.ClientRegister;
            EngineProcess? owned = identity is null || identity.ProcessId == started?.Id ? started : null;
            var session = new EngineSession(root, transport, loads, identity, owned, _time, logger);
            transport = null;
            return session;
        }
        catch (Exception e) when (e is SocketException or IOException or WireException)
        {
            LogNotAttached(e.Message);
            return null;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogNotAttached("no answer in time");
            return null;
        }
        finally
        {
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
}
