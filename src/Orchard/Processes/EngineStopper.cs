using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Processes;
using Orchard.Protocol.Sockets;

namespace Orchard.Processes;

/// <summary>Stops the engine of a namespace, even if others use it: asks it to exit, waits, and kills it if it does not exit.</summary>
internal sealed partial class EngineStopper(EngineRoot root, IProcessProbe processes, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    // How long the operating system may take to remove a killed process.
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    /// <summary>Stops the engine, and completes when its process has exited. Returns whether an engine was running.</summary>
    /// <param name="patience">How long the engine may take to exit before it is killed.</param>
    /// <param name="cancellationToken">Cancels the wait. The engine may stop nevertheless.</param>
    /// <exception cref="EngineNotTrustedException">The directory of the namespace is not one of this user alone.</exception>
    /// <exception cref="EngineStopException">The engine refused to stop, or could not be killed.</exception>
    public async Task<bool> StopAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        CheckNamespace();
        long start = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Target? target = null;
        try
        {
            NetworkStream? connection = await TryConnectAsync(limit.Token).ConfigureAwait(false);
            if (connection is null)
            {
                return false;
            }

            target = Identify(connection.Socket);
            await RequestStopAsync(connection, target, limit.Token).ConfigureAwait(false);
            if (target is not null)
            {
                await WaitUntilGoneAsync(target, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await KillAsync(target, time.GetElapsedTime(start), cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private void CheckNamespace()
    {
        try
        {
            root.Check();
        }
        catch (UntrustedPathException e)
        {
            throw NamespaceRefusal.Of(e);
        }
    }

    private async Task<NetworkStream?> TryConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (NetworkStream)await UnixSocket.ConnectAsync(root.ManagementSocket, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return null;
        }
        catch (ForeignUserException e)
        {
            throw new EngineStopException($"The engine in '{root.Directory}' cannot be stopped: {e.Message}", e);
        }
    }

    // From the connection itself: a pid file may name an unrelated process, and another engine may listen here a moment later.
    private Target? Identify(Socket connection) =>
        UnixPeer.ProcessId(connection) is { } pid && processes.Find(pid) is { } mark ? new Target(pid, mark) : null;

    // Returns when the engine has agreed and closed the connection, which it does before it exits.
    private async Task RequestStopAsync(Stream stream, Target? target, CancellationToken cancellationToken)
    {
        try
        {
            var options = new SpOptions { TimeProvider = time };
            ReqSocket management = await ReqSocket.OpenAsync(stream, options, cancellationToken).ConfigureAwait(false);
            await using (management.ConfigureAwait(false))
            {
                byte[] command = ManagementJson.Encode(new ManagementCommand { Type = ManagementCommand.Shutdown });
                byte[] answer = await management.RequestAsync(command, cancellationToken).ConfigureAwait(false);
                ManagementReply reply = ManagementJson.DecodeReply(answer);
                if (!reply.IsOk && !reply.IsAccepted)
                {
                    throw new EngineStopException(
                        $"The engine in '{root.Directory}'{Name(target)} refuses to stop: {reply.Message} "
                        + "It may be a PIE engine other than Orchard's; stop it with its own tools.");
                }

                await management.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ConnectionClosedException)
        {
            // The engine exited before it could answer.
        }
        catch (WireException e)
        {
            throw new EngineStopException(
                $"The process that listens in '{root.Directory}'{Name(target)} does not answer like an engine: {e.Message}", e);
        }
    }

    private async Task WaitUntilGoneAsync(Target target, CancellationToken cancellationToken)
    {
        while (IsRunning(target))
        {
            await Task.Delay(PollInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task KillAsync(Target? target, TimeSpan waited, CancellationToken cancellationToken)
    {
        if (target is null)
        {
            throw new EngineStopException(
                $"The engine in '{root.Directory}' did not stop within {waited.TotalSeconds:0.#} s, "
                + "and its process is not visible from this one, which may run in a container. Stop it where it runs.");
        }

        LogKilling(target.ProcessId, waited.TotalSeconds);
        using var timeout = new CancellationTokenSource(KillLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            Kill(target);
            await WaitUntilGoneAsync(target, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is Win32Exception || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new EngineStopException(
                $"The engine process {target.ProcessId} did not stop within {waited.TotalSeconds:0.#} s "
                + $"and could not be killed: {e.Message}",
                e);
        }
    }

    private void Kill(Target target)
    {
        try
        {
            using var process = Process.GetProcessById(target.ProcessId);
            if (IsRunning(target))
            {
                process.Kill();
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has exited already.
        }
    }

    // The process id may have been reused.
    private bool IsRunning(Target target) => processes.Find(target.ProcessId) == target.Mark;

    private static string Name(Target? target) => target is null ? "" : $" (process {target.ProcessId})";

    [LoggerMessage(30, LogLevel.Warning, "Engine process {ProcessId} did not stop within {Seconds:0.#} s; killing it")]
    private partial void LogKilling(int processId, double seconds);

    private sealed record Target(int ProcessId, ProcessMark Mark);
}
