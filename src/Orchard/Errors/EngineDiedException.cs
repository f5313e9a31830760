namespace Orchard;

/// <summary>The engine process ended during a call. The next call starts a new engine.</summary>
public sealed class EngineDiedException : EngineConnectionException
{
    internal EngineDiedException(
        string message, int? processId, int? exitCode, Exception? innerException = null, int receivedCharacters = 0)
        : base(message, processId, innerException, receivedCharacters) => ExitCode = exitCode;

    /// <summary>
    /// Exit code of the engine, or 128 plus the signal number if a signal ended it; null if unknown. Known only if this process started the
    /// engine.
    /// </summary>
    public int? ExitCode { get; }

    internal override EngineConnectionException During(int receivedCharacters) =>
        new EngineDiedException(MessageDuring(receivedCharacters), ProcessId, ExitCode, this, receivedCharacters);
}
