namespace Orchard.Protocol;

/// <summary>The peer sent bytes that violate the protocol. The message names the rule and the offending value.</summary>
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
