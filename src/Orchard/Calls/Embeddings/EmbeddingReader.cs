using System.Diagnostics.CodeAnalysis;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls.Embeddings;

/// <summary>Reads the embeddings of a request's texts. Not thread-safe.</summary>
/// <param name="count">Texts in the request.</param>
/// <param name="first">Index of its first text among those of the call.</param>
/// <param name="model">The model.</param>
internal sealed class EmbeddingReader(int count, int first, ModelInfo model) : IResponseReader<EmbeddingResult>
{
    public int ReceivedCharacters => 0;

    public bool TryTakeInitial([NotNullWhen(true)] out EmbeddingResult? result)
    {
        result = null;
        return false;
    }

    public EmbeddingResult? Read(ResponseDelta delta)
    {
        int index = delta.PromptIndex ?? 0;
        if (delta.Extras?.EmbeddingBytes is not { Length: > 0 } bytes || bytes.Length % sizeof(float) != 0)
        {
            return null;
        }

        return (uint)index < (uint)count
            ? new EmbeddingResult(index, bytes, delta.PromptTokenCount ?? 0)
            : throw new ProtocolException($"The engine sent an embedding of text {index}, but the request has {count} texts.");
    }

    /// <inheritdoc/>
    /// <exception cref="ContextLengthExceededException">A text is too long.</exception>
    /// <exception cref="RequestRejectedException">A text was refused.</exception>
    public EmbeddingResult? ReadFailure(ResponseDelta delta, OrchardException error)
    {
        if (delta.PromptIndex is not { } index || (uint)index >= (uint)count)
        {
            return null;
        }

        throw error switch
        {
            ContextLengthExceededException tooLong => new ContextLengthExceededException(
                $"Text {first + index} is too long for the model '{model.Path}': {delta.Extras?.ErrorMessage} "
                + $"Shorten or split it, or set {nameof(EmbeddingOptions)}.{nameof(EmbeddingOptions.Truncate)}.",
                tooLong.PromptTokens,
                tooLong.ContextLength,
                first + index),
            RequestRejectedException { Code: ErrorCode.InvalidRequest } refused => new RequestRejectedException(
                $"Text {first + index} cannot be embedded. {refused.Message}", refused.Code),
            _ => error,
        };
    }
}
