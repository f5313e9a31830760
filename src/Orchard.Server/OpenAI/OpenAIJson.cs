using System.Text.Json.Serialization;
using Orchard.Server.Json;
using Orchard.Server.OpenAI.Chat;

namespace Orchard.Server.OpenAI;

/// <summary>JSON contracts of OpenAI's API.</summary>
[JsonSerializable(typeof(ChatCompletionRequest))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class OpenAIJson : JsonSerializerContext
{
    /// <summary>The contracts, in the JSON of all dialects.</summary>
    public static OpenAIJson Wire { get; } = new(WireJson.CreateOptions());
}
