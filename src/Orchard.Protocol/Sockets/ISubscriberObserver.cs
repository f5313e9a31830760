namespace Orchard.Protocol.Sockets;

/// <summary>Learns which peers are connected to a <see cref="PubSocket"/>. Thread-safe. Must not throw.</summary>
internal interface ISubscriberObserver
{
    /// <summary>
    /// Called before anything is published to a new subscriber. A message that is queued here is the first one that it receives.
    /// </summary>
    void OnJoining(PubSubscriber subscriber);

    /// <summary>Called once after the subscriber's connection has ended.</summary>
    void OnLeft(PubSubscriber subscriber);
}
