namespace Orchard;

/// <summary>The engine sent data that violates the protocol, or part of an answer was lost in transit.</summary>
public sealed class ProtocolException : OrchardException
{
    internal ProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
