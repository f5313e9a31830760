namespace Orchard;

/// <summary>
/// This process left so much output of the engine unread that the engine closed the connection and cancelled its requests, for instance
/// because the process was suspended during long answers. The engine is still running. The next call connects again.
/// </summary>
public sealed class OutputLimitExceededException : EngineConnectionException
{
    internal OutputLimitExceededException(
        string message, int? processId, Exception? innerException = null, int receivedCharacters = 0)
        : base(message, processId, innerException, receivedCharacters)
    {
    }

    internal override EngineConnectionException During(int receivedCharacters) =>
        new OutputLimitExceededException(MessageDuring(receivedCharacters), ProcessId, this, receivedCharacters);
}
