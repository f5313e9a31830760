using System.Text.Json.Serialization;
using Orchard.Server.Json;
using Orchard.Server.Ollama.Chat;
using Orchard.Server.Ollama.Embed;
using Orchard.Server.Ollama.Generate;
using Orchard.Server.Ollama.Models;

namespace Orchard.Server.Ollama;

/// <summary>JSON contracts of Ollama's API.</summary>
[JsonSerializable(typeof(OllamaChatRequest))]
[JsonSerializable(typeof(OllamaChatLine))]
[JsonSerializable(typeof(OllamaGenerateRequest))]
[JsonSerializable(typeof(OllamaGenerateLine))]
[JsonSerializable(typeof(OllamaEmbedRequest))]
[JsonSerializable(typeof(OllamaEmbeddings))]
[JsonSerializable(typeof(OllamaEmbedding))]
[JsonSerializable(typeof(OllamaModelRequest))]
[JsonSerializable(typeof(OllamaModelList))]
[JsonSerializable(typeof(OllamaModelDescription))]
[JsonSerializable(typeof(OllamaProgress))]
[JsonSerializable(typeof(OllamaVersion))]
[JsonSerializable(typeof(OllamaError))]
internal sealed partial class OllamaJson : JsonSerializerContext
{
    /// <summary>The contracts, in the JSON of all dialects.</summary>
    public static OllamaJson Wire { get; } = new(WireJson.CreateOptions());
}
