using Orchard.Protocol.Messages.Requests;

namespace Orchard.Calls;

/// <summary>A request as it is sent, and the reader of its response.</summary>
/// <param name="Frame">The request; one without prompts is not sent.</param>
/// <param name="Reader">Reads the response. Used by one stream.</param>
internal sealed record RenderedRequest<T>(WireRequest Frame, IResponseReader<T> Reader)
    where T : class;
