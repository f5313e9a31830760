namespace Orchard.Server.Serving;

/// <summary>Makes the web server close a connection without the end of its response.</summary>
/// <param name="cause">Why the answer failed.</param>
internal sealed class StreamCutException(Exception cause)
    : Exception("The answer failed after its start was sent, so the response was cut off after the error.", cause);
