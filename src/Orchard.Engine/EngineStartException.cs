namespace Orchard.Engine;

/// <summary>The engine cannot start; <see cref="ExitCode"/> is what the process ends with.</summary>
internal sealed class EngineStartException(int exitCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public int ExitCode { get; } = exitCode;
}
