namespace Orchard;

/// <summary>The engine process ended during a call. The next call starts a new engine.</summary>
public sealed class EngineDiedException : OrchardException
{
    internal EngineDiedException(
        string message, int? processId, int? exitCode, Exception? innerException = null, int receivedCharacters = 0)
        : base(message, innerException)
    {
        ProcessId = processId;
        ExitCode = exitCode;
        ReceivedCharacters = receivedCharacters;
    }

    /// <summary>Process id of the engine; null if unknown.</summary>
    public int? ProcessId { get; }

    /// <summary>
    /// Exit code of the engine, or 128 plus the signal number if a signal ended it; null if unknown. Known only if this process started the
    /// engine.
    /// </summary>
    public int? ExitCode { get; }

    /// <summary>Number of characters received before the engine ended, over all conversations of the call.</summary>
    public int ReceivedCharacters { get; }

    /// <summary>Returns a new exception for a call that had received part of its answer.</summary>
    internal EngineDiedException During(int receivedCharacters) => new(
        receivedCharacters == 0
            ? Message
            : $"The engine ended after {receivedCharacters} characters of the answer had been received. {Message}",
        ProcessId,
        ExitCode,
        this,
        receivedCharacters);
}
