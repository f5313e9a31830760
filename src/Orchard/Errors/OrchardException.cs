namespace Orchard;

/// <summary>
/// Base class of all failures that this library reports, except invalid arguments and cancellation by the caller. Each kind of failure is a
/// sealed derived class.
/// </summary>
public abstract class OrchardException : Exception
{
    private protected OrchardException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
