using Orchard.Engine.Inference;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>What can be asked of which model for embeddings and ranks. Pure.</summary>
internal static class EmbeddingRules
{
    /// <summary>What keeps a prompt from being embedded or ranked, or null.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="model">The model's name, for messages.</param>
    /// <param name="own">The model's way to pool; null when the engine cannot embed with it.</param>
    public static RequestError? Check(PromptFrame prompt, string model, Pooling? own)
    {
        bool ranks = prompt.Extensions.Query is not null;
        return (own, ranks) switch
        {
            (null, _) => Unsupported($"Model '{model}' cannot give embeddings here."),
            _ when prompt.CandidateCount != 1 => new RequestError(ErrorCode.InvalidRequest, "A text has one embedding; num_candidates and best_of must be 1."),
            _ when prompt.Extensions.Pooling is { } name && ToPooling(name) is null =>
                new RequestError(ErrorCode.InvalidRequest, $"orchard.pooling is '{name}'; it must be mean, cls or last."),
            (Pooling.Rank, true) => null,
            (_, true) => Unsupported($"Model '{model}' is no reranker: its file does not say that it ranks. Use a model with rank pooling."),
            (Pooling.Rank, false) => Unsupported($"Model '{model}' ranks documents and gives no embeddings. Use it for reranking, or another model."),
            (Pooling.None, false) when prompt.Extensions.Pooling is null => Unsupported(
                $"Model '{model}' is not made for embeddings: its file does not say how to pool them. Use a model that is, or ask for a pooling, mean or last, to get what a chat model can give."),
            _ => null,
        };
    }

    /// <summary>The pooling of that name on the wire; null when there is none.</summary>
    public static Pooling? ToPooling(string? name) => name switch
    {
        "mean" => Pooling.Mean,
        "cls" => Pooling.Cls,
        "last" => Pooling.Last,
        _ => null,
    };

    private static RequestError Unsupported(string message) => new(ErrorCode.Unsupported, message);
}
