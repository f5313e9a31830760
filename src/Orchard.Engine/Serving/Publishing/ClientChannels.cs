using System.Collections.Concurrent;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine.Serving.Publishing;

/// <summary>
/// Assigns a response channel to every connection of the PUB socket, and knows which connection belongs to which channel. Thread-safe.
/// </summary>
/// <remarks>
/// The channel is the first message on the connection. PIE-compatible clients ignore that message and use channels of their own, which are
/// not in this table. Everybody who is not bound to an assigned channel receives their deltas, as the protocol requires.
/// </remarks>
/// <param name="onClosed">Called after the connection of a channel has ended, with the channel and the process at its other end.</param>
internal sealed class ClientChannels(Action<ulong, PeerProcess> onClosed) : ISubscriberObserver
{
    // Long enough for every client to ask, and a limit for clients that never do.
    private const int MaxRemembered = 1024;

    private readonly ConcurrentDictionary<ulong, PubSubscriber> _open = new();
    private readonly ConcurrentQueue<ulong> _tooSlow = new();

    public void OnJoining(PubSubscriber subscriber)
    {
        do
        {
            subscriber.Id = ResponseChannel.Assign();
        }
        while (!_open.TryAdd(subscriber.Id, subscriber));

        subscriber.Queue(Topic.ForAssignment(subscriber.Id));
    }

    public void OnLeft(PubSubscriber subscriber)
    {
        if (subscriber.HasExceededLimit)
        {
            Remember(subscriber.Id);
        }

        // Removed before its requests are cancelled: a request that arrives now either sees that, or is among those.
        _open.TryRemove(subscriber.Id, out _);
        onClosed(subscriber.Id, subscriber.Peer);
    }

    /// <summary>
    /// Lets the connection of a channel receive only the deltas of that channel. Returns false if the channel is not assigned to a
    /// connection of the same process.
    /// </summary>
    public bool TryBind(ulong channelId, PeerProcess sender)
    {
        if (!IsUsableBy(channelId, sender))
        {
            return false;
        }

        if (Find(channelId) is { } subscriber)
        {
            subscriber.IsDedicated = true;
            return true;
        }

        return false;
    }

    /// <summary>Returns the connection of an assigned channel, or null.</summary>
    public PubSubscriber? Find(ulong channelId) => _open.GetValueOrDefault(channelId);

    /// <summary>
    /// Returns whether a process may use a channel: one that it has chosen itself, or one that is assigned to a connection of its own.
    /// </summary>
    public bool IsUsableBy(ulong channelId, PeerProcess sender) =>
        !ResponseChannel.IsAssigned(channelId) || (Find(channelId) is { } subscriber && subscriber.Peer.MayBe(sender));

    /// <summary>Returns one of <see cref="ChannelStates"/>.</summary>
    public string StateOf(ulong channelId) =>
        Find(channelId) is { } subscriber ? subscriber.HasExceededLimit ? ChannelStates.OutputLimitExceeded : ChannelStates.Open
        : _tooSlow.Contains(channelId) ? ChannelStates.OutputLimitExceeded
        : ChannelStates.Closed;

    private void Remember(ulong channelId)
    {
        _tooSlow.Enqueue(channelId);
        while (_tooSlow.Count > MaxRemembered && _tooSlow.TryDequeue(out _))
        {
        }
    }
}
