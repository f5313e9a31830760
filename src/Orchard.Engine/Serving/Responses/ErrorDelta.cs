using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Serving.Responses;

/// <summary>Creates final deltas for errors. The message is in <c>content</c> too, where some PIE-compatible clients look for it.</summary>
internal static class ErrorDelta
{
    /// <summary>Creates the final delta of one sequence.</summary>
    public static ResponseDelta ForSequence(SequenceAddress address, RequestError error) => ForRequest(address.RequestId, error) with
    {
        SequenceId = address.SequenceId,
        PromptIndex = address.PromptIndex,
        CandidateIndex = address.CandidateIndex,
    };

    /// <summary>
    /// Creates the final delta of a request whose sequences are unknown. Without an index it ends the request for every client.
    /// </summary>
    public static ResponseDelta ForRequest(ulong requestId, RequestError error)
    {
        string message = Excerpt.Of(error.Message);
        return new ResponseDelta
        {
            RequestId = requestId,
            IsFinal = true,
            FinishReason = FinishReasons.Error,
            Content = message,
            PromptTokenCount = error.PromptTokens,
            Extras = new DeltaExtras
            {
                ErrorCode = error.Code,
                ErrorMessage = message,
                SchemaPath = error.SchemaPath is { } path ? Excerpt.Of(path) : null,
                SchemaKeyword = error.SchemaKeyword is { } keyword ? Excerpt.Of(keyword) : null,
                MediaIndex = error.MediaIndex,
            },
        };
    }
}
