using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>Final deltas that carry an error; its text is in <c>content</c> too, where some readers look for it.</summary>
internal static class ErrorDelta
{
    /// <summary>For one sequence.</summary>
    public static ResponseDelta For(SequenceAddress address, RequestError error) => ForRequest(address.RequestId, error) with
    {
        SequenceId = address.SequenceId,
        PromptIndex = address.PromptIndex,
        CandidateIndex = address.CandidateIndex,
    };

    /// <summary>For a whole request whose sequences are not known: no index, which ends it for every reader.</summary>
    public static ResponseDelta ForRequest(ulong requestId, RequestError error) => new()
    {
        RequestId = requestId,
        IsFinal = true,
        FinishReason = FinishReasons.Error,
        ErrorCode = error.Code,
        SchemaPath = error.SchemaPath,
        SchemaKeyword = error.SchemaKeyword,
        ErrorMessage = error.Message,
        Content = error.Message,
        PromptTokenCount = error.PromptTokens,
    };
}
