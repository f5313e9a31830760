using Orchard.Server.Anthropic;
using Orchard.Server.LmStudio;
using Orchard.Server.Ollama;
using Orchard.Server.OpenAI;

namespace Orchard.Server.OpenApi;

/// <summary>The routes that the OpenAPI document describes.</summary>
internal static class Operations
{
    private const string Events = "text/event-stream";
    private const string Lines = "application/x-ndjson";

    /// <summary>All routes.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("get", "/v1/models", "Lists the models.", null, OpenAIJson.Wire.ModelList),
        new("get", "/v1/models/{id}", "Describes a model.", null, OpenAIJson.Wire.ModelItem),
        new(
            "post",
            "/v1/chat/completions",
            "Continues a conversation.",
            OpenAIJson.Wire.ChatCompletionRequest,
            OpenAIJson.Wire.ChatCompletion,
            Events),
        new("post", "/v1/completions", "Continues a text.", OpenAIJson.Wire.CompletionRequest, OpenAIJson.Wire.Completion, Events),
        new("post", "/v1/responses", "Continues a conversation of items.", OpenAIJson.Wire.ResponsesRequest, null, Events),
        new(
            "post",
            "/v1/responses/input_tokens",
            "Counts the tokens of an input.",
            OpenAIJson.Wire.ResponsesRequest,
            OpenAIJson.Wire.InputTokens),
        new("get", "/v1/responses/{id}", "Returns a stored response."),
        new("delete", "/v1/responses/{id}", "Drops a stored response.", null, OpenAIJson.Wire.DeletedResponse),
        new("get", "/v1/responses/{id}/input_items", "Returns the input of a stored response.", null, OpenAIJson.Wire.ItemList),
        new("post", "/v1/embeddings", "Computes embeddings.", OpenAIJson.Wire.EmbeddingsRequest, OpenAIJson.Wire.EmbeddingList),
        new("post", "/v1/rerank", "Ranks documents by relevance.", OpenAIJson.Wire.RerankRequest, OpenAIJson.Wire.RerankList),
        new(
            "post",
            "/v1/messages",
            "Continues a conversation.",
            AnthropicJson.Wire.MessagesRequest,
            AnthropicJson.Wire.AnswerMessage,
            Events),
        new(
            "post",
            "/v1/messages/count_tokens",
            "Counts the tokens of a conversation.",
            AnthropicJson.Wire.MessagesRequest,
            AnthropicJson.Wire.TokenCount),
        new("post", "/api/chat", "Continues a conversation.", OllamaJson.Wire.OllamaChatRequest, OllamaJson.Wire.OllamaChatLine, Lines),
        new("post", "/api/generate", "Answers a prompt.", OllamaJson.Wire.OllamaGenerateRequest, OllamaJson.Wire.OllamaGenerateLine, Lines),
        new("post", "/api/embed", "Computes embeddings.", OllamaJson.Wire.OllamaEmbedRequest, OllamaJson.Wire.OllamaEmbeddings),
        new("get", "/api/tags", "Lists the models.", null, OllamaJson.Wire.OllamaModelList),
        new("get", "/api/ps", "Lists the loaded models.", null, OllamaJson.Wire.OllamaModelList),
        new("post", "/api/show", "Describes a model.", OllamaJson.Wire.OllamaModelRequest, OllamaJson.Wire.OllamaModelDescription),
        new("post", "/api/pull", "Downloads a model.", OllamaJson.Wire.OllamaModelRequest, OllamaJson.Wire.OllamaProgress, Lines),
        new("delete", "/api/delete", "Deletes a stored model.", OllamaJson.Wire.OllamaModelRequest),
        new("get", "/api/version", "Returns the version of the API.", null, OllamaJson.Wire.OllamaVersion),
        new("get", "/api/v0/models", "Lists the models.", null, LmStudioJson.Wire.LmStudioModelList),
        new("get", "/api/v0/models/{id}", "Describes a model.", null, LmStudioJson.Wire.LmStudioModel),
        new(
            "post",
            "/api/v0/chat/completions",
            "Continues a conversation.",
            OpenAIJson.Wire.ChatCompletionRequest,
            OpenAIJson.Wire.ChatCompletion,
            Events),
        new("get", "/health/ready", "Whether requests can be answered: 200 or 503."),
        new("get", "/health/live", "Whether the server runs."),
        new("get", "/metrics", "Measurements in Prometheus's format."),
    ];
}
