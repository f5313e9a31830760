using Orchard.Engine.Inference;
using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Checks whether a model can embed or rank a prompt.</summary>
internal static class EmbeddingRules
{
    /// <summary>Returns the reason to refuse a prompt, or null.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="model">The model's id, for messages.</param>
    /// <param name="modelPooling">The model's pooling; null if the engine cannot create embeddings with it.</param>
    public static RequestError? Check(WirePrompt prompt, string model, Pooling? modelPooling)
    {
        bool ranks = prompt.Extensions.Query is not null;
        return (modelPooling, ranks) switch
        {
            (null, _) => Unsupported($"Model '{model}' does not support embeddings in this engine."),
            _ when prompt.CandidateCount != 1 =>
                Invalid("num_candidates and best_of must be 1 for embeddings, because a text has one embedding."),
            _ when prompt.Extensions.Pooling is { } name && ToPooling(name) is null =>
                Invalid($"orchard.pooling is '{name}'; it must be mean, cls or last."),
            (Pooling.Rank, true) => null,
            (_, true) => Unsupported($"Model '{model}' is not a reranker. Use a model whose pooling is rank."),
            (Pooling.Rank, false) => Unsupported($"Model '{model}' is a reranker and does not create embeddings. Use an embedding model."),
            (Pooling.None, false) when prompt.Extensions.Pooling is null => Unsupported(
                $"Model '{model}' is not an embedding model: its file does not specify a pooling. Use an embedding model, or request the " +
                "pooling 'mean' or 'last' to get embeddings from a chat model."),
            _ => null,
        };
    }

    /// <summary>Returns the pooling with this name on the wire, or null.</summary>
    public static Pooling? ToPooling(string? name) => name switch
    {
        "mean" => Pooling.Mean,
        "cls" => Pooling.Cls,
        "last" => Pooling.Last,
        _ => null,
    };

    private static RequestError Unsupported(string message) => new(ErrorCode.Unsupported, message);

    private static RequestError Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
