namespace Orchard.Protocol;

/// <summary>Bytes from the other side that do not follow the protocol. The message says which rule, and the offending value.</summary>
internal class WireException : Exception
{
    public WireException(string message)
        : base(message)
    {
    }

    public WireException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
