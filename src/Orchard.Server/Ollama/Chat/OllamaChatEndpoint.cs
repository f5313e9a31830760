using Orchard.Server.Models;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.Ollama.Chat;

/// <summary><c>POST /api/chat</c>.</summary>
internal static class OllamaChatEndpoint
{
    /// <summary>Answers a request.</summary>
    public static async Task HandleAsync(Served served)
    {
        OllamaChatRequest request = await RequestBody.ReadAsync(served.Http, OllamaJson.Wire.OllamaChatRequest).ConfigureAwait(false);
        string model = served.Get<ModelNames>().Resolve(request.Model);
        TimeProvider time = served.Get<TimeProvider>();
        OllamaChatLine frame = new()
        {
            Model = request.Model ?? model,
            CreatedAt = time.GetUtcNow(),
            Message = new OllamaMessage { Content = "" },
            Done = false,
        };
        if (OllamaChatMapping.ToPrompt(request, served.Ignored) is not { } prompt)
        {
            TimeSpan? keepAlive = OllamaOptions.Read(default, request.Fields, []).KeepAlive;
            string reason = await ModelLoads.ApplyAsync(served, model, keepAlive).ConfigureAwait(false);
            await served.WriteAsync(frame with { Done = true, DoneReason = reason }, OllamaJson.Wire.OllamaChatLine).ConfigureAwait(false);
            return;
        }

        var times = new OllamaTimes(time);
        FinishReason? finish = null;
        IAsyncEnumerable<ChatDelta> Open(CancellationToken token) =>
            served.Client.ChatStreamAsync(model, prompt.Messages, prompt.Options, token);

        OllamaChatLine? Next(ChatDelta part)
        {
            times.Add(part);
            finish = part.FinishReason ?? finish;
            return OllamaChatMapping.ToLine(part, frame with { CreatedAt = time.GetUtcNow() });
        }

        if (request.Stream is false)
        {
            var lines = new List<OllamaChatLine>();
            await foreach (ChatDelta part in Open(served.Aborted).ConfigureAwait(false))
            {
                served.Ignored.AddRange(part.IgnoredOptions);
                lines.AddRange(Next(part) is { } line ? [line] : []);
            }

            await served.WriteAsync(
                OllamaChatMapping.Join(lines, OllamaChatMapping.ToEnd(frame, finish, times)),
                OllamaJson.Wire.OllamaChatLine).ConfigureAwait(false);
            return;
        }

        await served.StreamAsync(
            StreamFormat.JsonLines,
            Open,
            (stream, part) => Write(stream, Next(part)),
            stream => Write(stream, frame with { CreatedAt = time.GetUtcNow() }),
            stream => Write(stream, OllamaChatMapping.ToEnd(frame with { CreatedAt = time.GetUtcNow() }, finish, times)))
            .ConfigureAwait(false);
    }

    private static void Write(StreamedResponse stream, OllamaChatLine? line)
    {
        if (line is not null)
        {
            stream.Write(line, OllamaJson.Wire.OllamaChatLine);
        }
    }
}
