using System.Text.Json.Serialization;
using Orchard.Server.Json;
using Orchard.Server.OpenAI.Chat;
using Orchard.Server.OpenAI.Completions;
using Orchard.Server.OpenAI.Embeddings;
using Orchard.Server.OpenAI.Models;
using Orchard.Server.OpenAI.Rerank;
using Orchard.Server.OpenAI.Responses;

namespace Orchard.Server.OpenAI;

/// <summary>JSON contracts of OpenAI's API.</summary>
[JsonSerializable(typeof(ChatCompletionRequest))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(CompletionRequest))]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(EmbeddingsRequest))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(RerankRequest))]
[JsonSerializable(typeof(RerankList))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ResponsesRequest))]
[JsonSerializable(typeof(ItemList))]
[JsonSerializable(typeof(DeletedResponse))]
[JsonSerializable(typeof(InputTokens))]
[JsonSerializable(typeof(ErrorEvent))]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class OpenAIJson : JsonSerializerContext
{
    /// <summary>The contracts, in the JSON of all dialects.</summary>
    public static OpenAIJson Wire { get; } = new(WireJson.CreateOptions());
}
