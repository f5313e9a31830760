namespace Orchard;

/// <summary>
/// The connection to the engine ended during a call, for one of several reasons, each of which has a class of its own. The next call
/// connects again.
/// </summary>
public abstract class EngineConnectionException : OrchardException
{
    private protected EngineConnectionException(string message, int? processId, Exception? innerException, int receivedCharacters)
        : base(message, innerException)
    {
        ProcessId = processId;
        ReceivedCharacters = receivedCharacters;
    }

    /// <summary>Process id of the engine; null if unknown.</summary>
    public int? ProcessId { get; }

    /// <summary>Number of characters received before the connection ended, over all conversations of the call.</summary>
    public int ReceivedCharacters { get; }

    /// <summary>Returns a new exception for a call that had received part of its answer.</summary>
    internal abstract EngineConnectionException During(int receivedCharacters);

    private protected string MessageDuring(int receivedCharacters) => receivedCharacters == 0
        ? Message
        : $"The connection ended after {receivedCharacters} characters of the answer had been received. {Message}";
}
