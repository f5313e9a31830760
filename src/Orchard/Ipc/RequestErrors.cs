using Orchard.Protocol.Messages;

namespace Orchard.Ipc;

/// <summary>The engine's error deltas as exceptions.</summary>
internal static class RequestErrors
{
    private const string Error = "error";

    /// <summary>The error a delta reports; null when it reports none.</summary>
    public static OrchardException? Find(ResponseDelta delta, ModelInfo model)
    {
        bool failed = delta.ErrorMessage is not null || string.Equals(delta.FinishReason, Error, StringComparison.OrdinalIgnoreCase);
        if (!failed)
        {
            return null;
        }

        string message = delta.ErrorMessage ?? delta.Content ?? "the engine gave no reason";
        return delta.ErrorCode switch
        {
            ErrorCode.ContextLengthExceeded => new ContextLengthExceededException(
                $"The prompt does not fit the model '{model.Path}': {message} Shorten the conversation, or use a model with a longer context.",
                delta.PromptTokenCount,
                model.ContextLength),
            var code => new RequestRejectedException($"The engine refused the request to '{model.Path}': {message}", code),
        };
    }
}
