using System.Diagnostics.CodeAnalysis;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls.Embeddings;

/// <summary>Reads the embeddings of a request's texts. Not thread-safe.</summary>
/// <param name="count">Texts in the request.</param>
internal sealed class EmbeddingReader(int count) : IResponseReader<EmbeddingResult>
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

    public EmbeddingResult? ReadFailure(ResponseDelta delta, OrchardException error) => null;
}
