using Orchard.Connection.Transport;
using Orchard.Processes;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Connection;

/// <summary>
/// Finds out why the connection to an engine has ended, by asking the engine. One that answers has not exited, whatever has become of the
/// connection, unless the answer is that it is about to.
/// </summary>
/// <param name="root">The namespace of the engine.</param>
/// <param name="transport">The connections, at least one of which has ended.</param>
/// <param name="processId">The engine process; null if unknown.</param>
/// <param name="process">The engine process, if this client started it; otherwise null.</param>
/// <param name="heartbeats">The heartbeats of the engine.</param>
/// <param name="time">Clock of the time limits.</param>
internal sealed class EndInquiry(
    EngineRoot root, IpcTransport transport, int? processId, EngineProcess? process, Heartbeats heartbeats, TimeProvider time)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10); // on a machine that is busy
    private static readonly TimeSpan ExitCodeTimeout = TimeSpan.FromMilliseconds(50);

    private string Name => processId is { } pid ? $"The engine process {pid}" : "The engine process";

    /// <summary>Returns the error for everything that waits for the engine. Never throws.</summary>
    public async Task<EngineConnectionException> ExplainAsync(ConnectionEnd end)
    {
        ManagementReply? reply = process is { Exited.IsCompleted: true } ? null : await AskAsync().ConfigureAwait(false);
        if (reply is null or { ErrorCode: ErrorCode.ShuttingDown })
        {
            return Died(end, await ExitCodeAsync().ConfigureAwait(false));
        }

        return reply.Data?.ChannelStatus == ChannelStates.OutputLimitExceeded
            ? new OutputLimitExceededException(
                $"{Name} closed the connection and cancelled the requests of this client, because too much of their output was unread: "
                + "this process was suspended or too busy to read it. The next call connects again.",
                processId,
                end.Error)
            : new EngineConnectionLostException(
                $"The connection to the engine was lost ({end.Description}), but {Lowered(Name)} is still running. "
                + "The next call connects again.",
                processId,
                end.Error);
    }

    // Null if the engine does not answer, or not in time.
    private async Task<ManagementReply?> AskAsync()
    {
        var question = new ManagementCommand { Type = ManagementCommand.ChannelStatus, ResponseChannelId = transport.ChannelId };
        using var timeout = new CancellationTokenSource(AnswerTimeout, time);
        try
        {
            return await transport.TryCommandAsync(question, timeout.Token).ConfigureAwait(false)
                ?? await EngineProbe.AskAsync(root, processId, question, time, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private EngineDiedException Died(ConnectionEnd end, int? exitCode)
    {
        string how = exitCode switch
        {
            > 128 => $" ended by signal {exitCode - 128}",
            { } code => $" ended with exit code {code}",
            null => " is gone, or closed the connection",
        };
        return new EngineDiedException(
            $"{Name}{how} while calls were in flight. The next call starts a new engine."
            + $"{MappedModelFiles.DescribeChanges(heartbeats.Last)}{EngineLog.OfEnd(root, process?.EarlyOutput)}",
            processId,
            exitCode,
            end.Error);
    }

    // The connection ends a moment before the exit code is available.
    private async Task<int?> ExitCodeAsync()
    {
        if (process is null)
        {
            return null;
        }

        try
        {
            return await process.Exited.WaitAsync(ExitCodeTimeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static string Lowered(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
