namespace Orchard;

/// <summary>The engine could not be started, or did not respond in time. The message includes the last lines of its log.</summary>
public sealed class EngineStartException : OrchardException
{
    internal EngineStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
