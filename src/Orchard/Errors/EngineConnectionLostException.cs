namespace Orchard;

/// <summary>A connection to the engine ended during a call, but the engine is still running. The next call connects again.</summary>
public sealed class EngineConnectionLostException : EngineConnectionException
{
    internal EngineConnectionLostException(
        string message, int? processId, Exception? innerException = null, int receivedCharacters = 0)
        : base(message, processId, innerException, receivedCharacters)
    {
    }

    internal override EngineConnectionException During(int receivedCharacters) =>
        new EngineConnectionLostException(MessageDuring(receivedCharacters), ProcessId, this, receivedCharacters);
}
