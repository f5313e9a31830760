using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Serving.Responses;
using Orchard.Grammars;
using Orchard.Grammars.Schemas;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Errors of requests.</summary>
internal static class RequestErrors
{
    public static RequestError ShuttingDown { get; } = new(ErrorCode.ShuttingDown, "The engine is shutting down.");

    /// <summary>Converts an exception that occurred while a request was prepared or submitted.</summary>
    /// <param name="exception">The exception. Unexpected ones become <see cref="ErrorCode.Internal"/>.</param>
    /// <param name="modelId">The request's model.</param>
    /// <param name="isStopping">Whether the engine is shutting down.</param>
    public static RequestError From(Exception exception, string modelId, bool isStopping) => exception switch
    {
        ContextLengthException e => new RequestError(ErrorCode.ContextLengthExceeded, e.Message, e.PromptTokens),
        MediaException e => new RequestError(ErrorCode.InvalidMedia, e.Message, MediaIndex: e.Index),
        SchemaException e => new RequestError(ErrorCode.UnsupportedSchema, e.Message, SchemaPath: e.Path, SchemaKeyword: e.Keyword),
        GrammarException => new RequestError(ErrorCode.InvalidResponseFormat, exception.Message),
        ArgumentException or ModelFileException => new RequestError(ErrorCode.InvalidRequest, exception.Message),
        ObjectDisposedException when isStopping => ShuttingDown,
        ObjectDisposedException => new RequestError(ErrorCode.ModelNotLoaded, $"Model '{modelId}' has just been unloaded; load it again."),
        _ => new RequestError(ErrorCode.Internal, exception.Message),
    };
}
