using Orchard.Server.Errors;
using Orchard.Server.Streaming;

namespace Orchard.Server.Serving;

/// <summary>How a family of clients expects errors. Immutable; thread-safe.</summary>
internal abstract class Dialect
{
    /// <summary>Writes the body of an error response.</summary>
    /// <param name="context">The request. Its response has its status code and nothing else.</param>
    /// <param name="error">The error.</param>
    public abstract Task WriteErrorAsync(HttpContext context, ApiError error);

    /// <summary>Writes an error into a stream whose headers have been sent.</summary>
    /// <param name="response">The stream.</param>
    /// <param name="error">The error.</param>
    public abstract void WriteError(StreamedResponse response, ApiError error);
}
