namespace Orchard;

/// <summary>
/// A server of a <see cref="ModelSource"/> could not be reached, or the connection to it ended before the answer was complete. The next
/// call tries again.
/// </summary>
public sealed class RemoteConnectionException : EngineConnectionException
{
    internal RemoteConnectionException(
        string message, Uri address, Exception? innerException = null, int receivedCharacters = 0)
        : base(message, processId: null, innerException, receivedCharacters) => Address = address;

    /// <summary>Address of the server.</summary>
    public Uri Address { get; }

    internal override EngineConnectionException During(int receivedCharacters) =>
        new RemoteConnectionException(MessageDuring(receivedCharacters), Address, this, receivedCharacters);
}
