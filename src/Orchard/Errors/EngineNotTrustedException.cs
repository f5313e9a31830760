namespace Orchard;

/// <summary>
/// The process that listens on the sockets of the engine's directory belongs to another user. Nothing was sent to it.
/// </summary>
public sealed class EngineNotTrustedException : OrchardException
{
    internal EngineNotTrustedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
