namespace Orchard;

/// <summary>The engine did not stop when requested and could not be terminated. The message names its process.</summary>
public sealed class EngineStopException : OrchardException
{
    internal EngineStopException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
