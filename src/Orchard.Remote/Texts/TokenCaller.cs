using System.Text.Json;
using Orchard.Remote.Configuration;
using Orchard.Remote.Errors;
using Orchard.Remote.Models;
using Orchard.Remote.Requests;
using Orchard.Remote.Transport;

namespace Orchard.Remote.Texts;

/// <summary>Asks the servers of an endpoint for tokens, where they have routes for it. Thread-safe.</summary>
/// <param name="settings">The endpoint.</param>
/// <param name="sender">Sends the requests.</param>
internal sealed class TokenCaller(EndpointSettings settings, RequestSender sender)
{
    private const int MaxBytes = 64 << 20;

    /// <summary>Splits a text into tokens.</summary>
    /// <exception cref="NotSupportedException">The server has no route for it.</exception>
    public Task<int[]> TokenizeAsync(RemoteModel model, string text, bool specialTokens, CancellationToken cancellationToken)
    {
        bool isLlama = model.Profile.Tokens == TokenRoutes.LlamaServer;
        Require(model, TokenRoutes.Vllm, TokenRoutes.SgLang, TokenRoutes.LlamaServer);
        return CallAsync(
            model,
            new Route("tokenize", IsOfApi: false),
            json =>
            {
                json.WriteString(isLlama ? "content"u8 : "prompt"u8, text);
                json.WriteBoolean(isLlama ? "add_special"u8 : "add_special_tokens"u8, specialTokens);
                if (isLlama)
                {
                    json.WriteBoolean("parse_special"u8, specialTokens);
                }
            },
            ReadTokens,
            cancellationToken);
    }

    /// <summary>Converts tokens to text.</summary>
    /// <exception cref="NotSupportedException">The server has no route for it.</exception>
    public Task<string> DetokenizeAsync(RemoteModel model, IReadOnlyList<int> tokens, CancellationToken cancellationToken)
    {
        Require(model, TokenRoutes.Vllm, TokenRoutes.SgLang, TokenRoutes.LlamaServer);
        return CallAsync(
            model,
            new Route("detokenize", IsOfApi: false),
            json =>
            {
                json.WriteStartArray("tokens"u8);
                foreach (int token in tokens)
                {
                    json.WriteNumberValue(token);
                }

                json.WriteEndArray();
            },
            static (root, scene) => Text(root, "prompt") ?? Text(root, "content") ?? Text(root, "text")
                ?? throw ErrorMapping.OfGarbage(scene, "it has no text"),
            cancellationToken);
    }

    /// <summary>Counts the tokens of the prompt of a conversation.</summary>
    /// <exception cref="NotSupportedException">The server has no route for it.</exception>
    public async Task<int> CountAsync(RemoteModel model, ChatPrompt prompt, CancellationToken cancellationToken)
    {
        Require(model, TokenRoutes.Vllm, TokenRoutes.LlamaServer, TokenRoutes.Orchard);
        switch (model.Profile.Tokens)
        {
            case TokenRoutes.Vllm:
                return (await CallAsync(model, new Route("tokenize", IsOfApi: false), Write, ReadTokens, cancellationToken)
                    .ConfigureAwait(false)).Length;
            case TokenRoutes.Orchard:
                return await CallAsync(model, new Route("responses/input_tokens"), Write, ReadCount, cancellationToken)
                    .ConfigureAwait(false);
        }

        string rendered = await CallAsync(
            model,
            new Route("apply-template", IsOfApi: false),
            Write,
            static (root, scene) => Text(root, "prompt") ?? throw ErrorMapping.OfGarbage(scene, "it has no prompt"),
            cancellationToken).ConfigureAwait(false);
        return (await TokenizeAsync(model, rendered, specialTokens: true, cancellationToken).ConfigureAwait(false)).Length;

        void Write(Utf8JsonWriter json)
        {
            var refused = new List<string>();
            if (model.Profile.Tokens == TokenRoutes.Orchard)
            {
                InputWriter.Write(json, prompt.Messages);
            }
            else
            {
                MessageWriter.Write(json, prompt.Messages, model.Profile.ReasoningInHistory);
            }

            ToolWriter.Write(json, model.Profile, prompt.Options!, refused);
            ReasoningWriter.Write(json, model.Profile, prompt.Options!, refused);
        }
    }

    private async Task<T> CallAsync<T>(
        RemoteModel model,
        Route route,
        Action<Utf8JsonWriter> write,
        Func<JsonElement, ErrorScene, T> read,
        CancellationToken cancellationToken)
    {
        using RequestBody body = ChatBody.Build(json =>
        {
            json.WriteString("model"u8, model.ServerName);
            write(json);
        });
        return await sender.FetchAsync(
            new RemoteCall(route, model.Name, body) { Offered = model.Offered },
            (bytes, response) =>
            {
                using JsonDocument document = JsonDocument.Parse(bytes);
                return document.RootElement.ValueKind == JsonValueKind.Object
                    ? read(document.RootElement, response.Scene)
                    : throw ErrorMapping.OfGarbage(response.Scene, "it is not an object");
            },
            MaxBytes,
            cancellationToken).ConfigureAwait(false);
    }

    private void Require(RemoteModel model, params ReadOnlySpan<TokenRoutes> routes)
    {
        if (!routes.Contains(model.Profile.Tokens))
        {
            throw new NotSupportedException(
                $"{model.Profile.Title} at {settings.Addresses[0]} ('{settings.Name}') has no route for this. Usage.PromptTokens of an "
                + "answer has the tokens of its prompt.");
        }
    }

    private static int[] ReadTokens(JsonElement root, ErrorScene scene) =>
        root.TryGetProperty("tokens", out JsonElement tokens)
        && tokens.ValueKind == JsonValueKind.Array
        && tokens.EnumerateArray().All(static token => token.ValueKind == JsonValueKind.Number && token.TryGetInt32(out _))
            ? [.. tokens.EnumerateArray().Select(static token => token.GetInt32())]
            : throw ErrorMapping.OfGarbage(scene, "it has no list of tokens");

    private static int ReadCount(JsonElement root, ErrorScene scene) =>
        root.TryGetProperty("input_tokens", out JsonElement count)
        && count.ValueKind == JsonValueKind.Number
        && count.TryGetInt32(out int tokens)
        && tokens >= 0
            ? tokens
            : throw ErrorMapping.OfGarbage(scene, "it has no number of tokens");

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
