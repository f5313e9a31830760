using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Processes;
using Orchard.Protocol.Sockets;

namespace Orchard.Connection.Processes;

/// <summary>Stops the engine of a namespace, whoever uses it: asks, waits, and ends the process that did not listen.</summary>
internal sealed partial class EngineStopper(EngineRoot root, IProcessProbe processes, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    // What the operating system may need to take a killed process apart.
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    /// <summary>Completes when the engine process is gone, also when there was none.</summary>
    /// <param name="patience">How long it may take to end in order; then it is killed.</param>
    /// <param name="cancellationToken">Ends the wait. The engine may have been asked by then.</param>
    /// <exception cref="EngineStopException">It refused, or could not be ended.</exception>
    public async Task StopAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Target? target = null;
        try
        {
            NetworkStream? connection = await TryConnectAsync(limit.Token).ConfigureAwait(false);
            if (connection is null)
            {
                return;
            }

            target = Identify(connection.Socket);
            await AskAsync(connection, target, limit.Token).ConfigureAwait(false);
            if (target is not null)
            {
                await WaitUntilGoneAsync(target, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await KillAsync(target, time.GetElapsedTime(start), cancellationToken).ConfigureAwait(false);
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
    }

    // By the connection itself: a file could name a process that is none of ours, and another engine may listen here a moment later.
    private Target? Identify(Socket connection) =>
        UnixPeer.ProcessId(connection) is { } pid && processes.Find(pid) is { } mark ? new Target(pid, mark) : null;

    // Returns when it agreed and closed the connection, which it does on its way out.
    private async Task AskAsync(Stream stream, Target? target, CancellationToken cancellationToken)
    {
        try
        {
            ReqSocket management = await ReqSocket.OpenAsync(stream, new SpOptions { TimeProvider = time }, cancellationToken).ConfigureAwait(false);
            await using (management.ConfigureAwait(false))
            {
                byte[] command = ManagementJson.Encode(new ManagementCommand { Type = ManagementCommand.Shutdown });
                ManagementReply reply = ManagementJson.DecodeReply(await management.RequestAsync(command, cancellationToken).ConfigureAwait(false));
                if (!reply.IsOk && !reply.IsAccepted)
                {
                    throw new EngineStopException(
                        $"The engine in '{root.Directory}'{Name(target)} refuses to stop on request: {reply.Message} It may be another member of the family; stop it with its own tools.");
                }

                await management.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ConnectionClosedException)
        {
            // It ended before it could answer.
        }
        catch (WireException e)
        {
            throw new EngineStopException($"Whoever listens in '{root.Directory}'{Name(target)} does not answer as an engine does: {e.Message}", e);
        }
    }

    private async Task WaitUntilGoneAsync(Target target, CancellationToken cancellationToken)
    {
        while (IsThere(target))
        {
            await Task.Delay(LookInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task KillAsync(Target? target, TimeSpan waited, CancellationToken cancellationToken)
    {
        if (target is null)
        {
            throw new EngineStopException(
                $"The engine in '{root.Directory}' did not stop within {waited.TotalSeconds:0.#} s, and its process is not to be seen from here. End it where it runs.");
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
                $"The engine process {target.ProcessId} did not stop within {waited.TotalSeconds:0.#} s and could not be killed either: {e.Message}", e);
        }
    }

    private void Kill(Target target)
    {
        try
        {
            using var process = Process.GetProcessById(target.ProcessId);
            if (IsThere(target))
            {
                process.Kill();
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It was quicker.
        }
    }

    // Its id may be another process's by now.
    private bool IsThere(Target target) => processes.Find(target.ProcessId) == target.Mark;

    private static string Name(Target? target) => target is null ? "" : $" (process {target.ProcessId})";

    [LoggerMessage(30, LogLevel.Warning, "Engine process {ProcessId} did not stop within {Seconds:0.#} s; killing it")]
    private partial void LogKilling(int processId, double seconds);

    private sealed record Target(int ProcessId, ProcessMark Mark);
}
