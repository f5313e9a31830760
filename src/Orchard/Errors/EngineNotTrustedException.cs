namespace Orchard;

/// <summary>
/// The engine's directory, or the process that listens on its sockets, belongs to another user, or other users can replace what is in the
/// directory. Nothing was sent or changed. The message names the directory, its owner or mode, and the option to set.
/// </summary>
public sealed class EngineNotTrustedException : OrchardException
{
    internal EngineNotTrustedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
