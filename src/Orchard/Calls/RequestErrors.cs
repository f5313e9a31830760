using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls;

/// <summary>Converts the engine's error deltas to exceptions.</summary>
internal static class RequestErrors
{
    /// <summary>Returns the error that a delta reports; null when it reports none.</summary>
    public static OrchardException? Find(ResponseDelta delta, ReadyModel ready)
    {
        ModelInfo model = ready.Info;
        if (delta.IsFinal && Is(delta.FinishReason, FinishReasons.Cancelled))
        {
            return new RequestRejectedException(
                $"The engine cancelled the request to '{model.Path}', although this client had not cancelled it. Try again.", null);
        }

        if (delta.Extras?.ErrorMessage is null && !Is(delta.FinishReason, FinishReasons.Error))
        {
            return null;
        }

        string message = delta.Extras?.ErrorMessage ?? delta.Content ?? "the engine gave no reason";
        return delta.Extras?.ErrorCode switch
        {
            ErrorCode.ContextLengthExceeded => new ContextLengthExceededException(
                $"The prompt does not fit the model '{model.Path}': {message}",
                delta.PromptTokenCount,
                model.ContextLength),
            ErrorCode.ModelChanged => new ModelChangedException(
                model.Path, $"The request failed, because the model file was changed. {message} The next call loads it again."),
            ErrorCode.ShuttingDown => new EngineDiedException(
                $"The engine process {ready.Session.ProcessId} is shutting down and ended the request to '{model.Path}'. "
                + "The next call starts a new engine.",
                ready.Session.ProcessId,
                exitCode: null),
            ErrorCode.UnsupportedSchema => new UnsupportedSchemaException(
                $"The engine cannot restrict the model '{model.Path}' to a JSON Schema. {message}",
                delta.Extras.SchemaPath,
                delta.Extras.SchemaKeyword),
            ErrorCode.InvalidMedia => new InvalidMediaException($"The engine cannot use an image or sound for '{model.Path}': {message}"),
            var code => new RequestRejectedException($"The engine refused the request to '{model.Path}': {message}", code),
        };
    }

    private static bool Is(string? finishReason, string expected) =>
        string.Equals(finishReason, expected, StringComparison.OrdinalIgnoreCase);
}
