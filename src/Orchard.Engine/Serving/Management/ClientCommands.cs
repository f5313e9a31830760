using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Serving.Clients;
using Orchard.Engine.Serving.Publishing;
using Orchard.Engine.Serving.Requests;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine.Serving.Management;

/// <summary>Commands about clients and their requests. Thread-safe.</summary>
internal sealed class ClientCommands(
    ActiveRequests requests, ClientLeases leases, ClientChannels channels, string version, ILogger logger)
{
    private readonly ManagementReplyData _identity = new()
    {
        ClientRegister = new EngineIdentity
        {
            ProcessId = Environment.ProcessId,
            ProtocolVersion = ProtocolVersion.Current,
            Version = version,
        },
    };

    private readonly TaskCompletionSource _shutdownRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a client has asked the engine to stop.</summary>
    public Task ShutdownRequested => _shutdownRequested.Task;

    /// <summary>Refuses registrations from now on.</summary>
    public void BeginShutdown() => leases.Close();

    public ManagementReply Register(ManagementCommand command, PeerProcess sender)
    {
        if (command.ClientPid is not ({ } pid and > 0))
        {
            string given = command.ClientPid?.ToString(provider: null) ?? "none";
            return Replies.Refuse($"client_register needs a client_pid above 0; it is {given}.");
        }

        if (command.ProtocolVersion is { } client && client != ProtocolVersion.Current)
        {
            string message = $"Client {pid} uses protocol version {client}, but this engine uses version {ProtocolVersion.Current}; " +
                "use client and engine of the same release.";
            return Replies.Refuse(message) with { Data = _identity };
        }

        // Orchard's clients use the engine while they are connected. PIE-compatible ones do while their process runs, and which process
        // that is, the operating system knows better than a client that may be in a container.
        bool isPieCompatible = command.ProtocolVersion is null;
        switch (leases.Register(isPieCompatible ? sender.IdOr(pid) : null))
        {
            case Registration.Refused:
                return Replies.Refuse("The engine is shutting down; start a new one after it has ended.");
            case Registration.Counted:
                logger.ClientRegistered(sender.IdOr(pid) ?? pid);
                break;
            case Registration.Unseen when isPieCompatible:
                logger.InvisibleClientRegistered(pid);
                break;
        }

        return Replies.Ok with { Data = _identity };
    }

    public ManagementReply Bind(ManagementCommand command, PeerProcess sender)
    {
        if (command.ResponseChannelId is not { } channel || !ResponseChannel.IsAssigned(channel))
        {
            return Replies.Refuse("client_bind needs the response_channel_id that the engine assigned to a response connection.");
        }

        if (!channels.TryBind(channel, sender))
        {
            return Replies.Refuse($"Channel {channel:x} has no response connection of this process; it may have ended.");
        }

        logger.ClientConnected(Describe(sender));
        return Replies.Ok;
    }

    public ManagementReply ChannelStatus(ManagementCommand command)
    {
        if (command.ResponseChannelId is not { } channel)
        {
            return Replies.Refuse("channel_status needs a response_channel_id.");
        }

        return leases.IsClosed
            ? Replies.Refuse("The engine is shutting down.", ErrorCode.ShuttingDown)
            : Replies.Ok with { Data = new ManagementReplyData { ChannelStatus = channels.StateOf(channel) } };
    }

    public ManagementReply Deregister(ManagementCommand command, PeerProcess sender)
    {
        if (command.ClientPid is not { } claimed)
        {
            return Replies.Refuse("client_deregister needs a client_pid.");
        }

        // Its requests continue, because another client in the same process may just have registered.
        if (sender.IdOr(claimed) is { } pid && leases.Deregister(pid))
        {
            logger.ClientDeregistered(pid);
        }

        return Replies.Ok;
    }

    public ManagementReply CancelRequest(ManagementCommand command)
    {
        if (command.RequestId is not { } requestId)
        {
            return Replies.Refuse("cancel_request needs a request_id.");
        }

        return requests.Cancel(requestId, command.ResponseChannelId) == CancelResult.Ambiguous
            ? Replies.Refuse($"Several clients have a request with id {requestId}; specify the response_channel_id too.")
            : Replies.Ok;
    }

    private static string Describe(PeerProcess process) => process.Id?.ToString(CultureInfo.InvariantCulture) ?? "of another container";

    public ManagementReply Shutdown()
    {
        logger.ShutdownRequested();
        leases.Close();
        _shutdownRequested.TrySetResult();
        return Replies.Ok;
    }
}
