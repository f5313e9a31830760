namespace Orchard.Engine;

/// <summary>The engine could not start. The process exits with <see cref="ExitCode"/>.</summary>
internal sealed class EngineStartException(int exitCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public int ExitCode { get; } = exitCode;
}
