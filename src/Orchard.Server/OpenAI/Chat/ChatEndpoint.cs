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
        string model = served.Get<ModelNames>().Resolve(request.Model);
        ChatPrompt prompt = ChatRequestMapping.ToPrompt(request, served.Ignored);
        string id = $"chatcmpl-{Guid.NewGuid():N}";
        DateTimeOffset created = served.Get<TimeProvider>().GetUtcNow();
        string name = request.Model ?? model;
        if (request.Stream is true)
        {
            var chunks = new ChatChunks(id, name, created);
            await served.StreamAsync(
                StreamFormat.ServerSentEvents,
                token => served.Client.ChatStreamAsync(model, prompt.Messages, prompt.Options, token),
                (stream, part) => Write(stream, chunks.Of(part)),
                end: stream => WriteEnd(stream, request.StreamOptions?.IncludeUsage is true ? chunks.Usage() : null)).ConfigureAwait(false);
            return;
        }

        ChatResult result =
            await served.Client.ChatAsync(model, prompt.Messages, prompt.Options, served.Aborted).ConfigureAwait(false);
        served.Ignored.AddRange(result.IgnoredOptions);
        await served.WriteAsync(
            ChatResponseMapping.ToCompletion(result, id, name, created), OpenAIJson.Wire.ChatCompletion).ConfigureAwait(false);
    }

    private static void Write(StreamedResponse stream, IEnumerable<ChatCompletionChunk> chunks)
    {
        foreach (ChatCompletionChunk chunk in chunks)
        {
            stream.Write(chunk, OpenAIJson.Wire.ChatCompletionChunk);
        }
    }

    private static void WriteEnd(StreamedResponse stream, ChatCompletionChunk? usage)
    {
        if (usage is not null)
        {
            stream.Write(usage, OpenAIJson.Wire.ChatCompletionChunk);
        }

        stream.WriteText("[DONE]");
    }
}
