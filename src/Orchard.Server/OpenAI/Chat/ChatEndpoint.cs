using Orchard.Server.Errors;
using Orchard.Server.Models;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.OpenAI.Chat;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal static class ChatEndpoint
{
    /// <summary>Answers a request.</summary>
    public static async Task HandleAsync(Served served)
    {
        ChatCompletionRequest request =
            await RequestBody.ReadAsync(served.Http, OpenAIJson.Wire.ChatCompletionRequest).ConfigureAwait(false);
        string model = served.ResolveModel(request.Model);
        bool isBatch = ChatBatch.Is(request);
        served.Prompt = new PromptField("messages", HasParts: !isBatch);
        IReadOnlyList<ChatPrompt> prompts = isBatch
            ? ChatBatch.ToPrompts(request, served.Ignored)
            : [ChatRequestMapping.ToPrompt(request, served.Ignored)];
        var head = new ChatHead(
            $"chatcmpl-{Guid.NewGuid():N}", request.Model ?? model, served.Get<TimeProvider>().GetUtcNow().ToUnixTimeSeconds());
        if (request.Stream is true)
        {
            await StreamAsync(served, model, prompts, head, request.StreamOptions?.IncludeUsage is true).ConfigureAwait(false);
            return;
        }

        IReadOnlyList<ChatResult> results = prompts is [ChatPrompt prompt]
            ? [await served.Client.ChatAsync(model, prompt.Messages, prompt.Options, served.Aborted).ConfigureAwait(false)]
            : Batches.ThrowIfFailed(await served.Client.ChatBatchAsync(model, prompts, served.Aborted).ConfigureAwait(false));
        served.Ignored.AddRange(results.SelectMany(static result => result.IgnoredOptions));
        await served.WriteAsync(ChatResponseMapping.ToCompletion(results, head), OpenAIJson.Wire.ChatCompletion).ConfigureAwait(false);
    }

    private static async Task StreamAsync(Served served, string model, IReadOnlyList<ChatPrompt> prompts, ChatHead head, bool withUsage)
    {
        var chunks = new ChatChunks(head, prompts[0].Options!.CandidateCount);
        await served.StreamAsync(
            StreamFormat.ServerSentEvents,
            token => prompts is [ChatPrompt prompt]
                ? served.Client.ChatStreamAsync(model, prompt.Messages, prompt.Options, token)
                : served.Client.ChatBatchStreamAsync(model, prompts, token),
            (stream, part) => Write(stream, part.Error is null ? chunks.Of(part) : throw part.Error),
            end: stream =>
            {
                Write(stream, withUsage ? [chunks.Usage()] : []);
                stream.WriteText("[DONE]");
            }).ConfigureAwait(false);
    }

    private static void Write(StreamedResponse stream, IEnumerable<ChatCompletionChunk> chunks)
    {
        foreach (ChatCompletionChunk chunk in chunks)
        {
            stream.Write(chunk, OpenAIJson.Wire.ChatCompletionChunk);
        }
    }
}
