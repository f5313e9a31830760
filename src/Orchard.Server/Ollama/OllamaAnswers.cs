using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.Ollama;

/// <summary>Answers requests in lines, or in one if the answer is not streamed.</summary>
internal static class OllamaAnswers
{
    /// <summary>Answers a request.</summary>
    /// <param name="served">The request.</param>
    /// <param name="request">Its body.</param>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The prompt; null to load the model only.</param>
    /// <param name="frame">A line with the members that all have in common.</param>
    /// <param name="lines">How the lines are written.</param>
    public static Task HandleAsync<T>(
        Served served, OllamaAnswerRequest request, string model, ChatPrompt? prompt, T frame, OllamaLines<T> lines)
        where T : OllamaAnswerLine
    {
        if (prompt is null)
        {
            return LoadAsync(served, OllamaOptions.Read(default, request.Fields, []).KeepAlive, model, frame, lines);
        }

        var answer = new Answer<T>(served.Get<TimeProvider>(), frame, lines);
        IAsyncEnumerable<ChatDelta> Open(CancellationToken token) =>
            served.Client.ChatStreamAsync(model, prompt.Messages, prompt.Options, token);
        return request.Stream is false ? answer.WriteAsync(served, Open) : answer.StreamAsync(served, Open);
    }

    private static async Task LoadAsync<T>(Served served, TimeSpan? keepAlive, string model, T frame, OllamaLines<T> lines)
        where T : OllamaAnswerLine
    {
        string reason = await ModelLoads.ApplyAsync(served, model, keepAlive).ConfigureAwait(false);
        await served.WriteAsync(frame with { Done = true, DoneReason = reason }, lines.Type).ConfigureAwait(false);
    }

    /// <summary>One answer. Not thread-safe.</summary>
    private sealed class Answer<T>(TimeProvider time, T frame, OllamaLines<T> lines)
        where T : OllamaAnswerLine
    {
        private readonly OllamaTimes _times = new(time);
        private FinishReason? _finish;

        private T Now => frame with { CreatedAt = time.GetUtcNow() };

        public async Task WriteAsync(Served served, Func<CancellationToken, IAsyncEnumerable<ChatDelta>> open)
        {
            var parts = new List<T>();
            await foreach (ChatDelta part in open(served.Aborted).ConfigureAwait(false))
            {
                served.Ignored.AddRange(part.IgnoredOptions);
                parts.AddRange(Next(part) is { } line ? [line] : []);
            }

            await served.WriteAsync(lines.Join(parts, End()), lines.Type).ConfigureAwait(false);
        }

        public Task StreamAsync(Served served, Func<CancellationToken, IAsyncEnumerable<ChatDelta>> open) => served.StreamAsync(
            StreamFormat.JsonLines,
            open,
            (stream, part) =>
            {
                if (Next(part) is { } line)
                {
                    stream.Write(line, lines.Type);
                }
            },
            stream => stream.Write(Now, lines.Type),
            stream => stream.Write(End(), lines.Type));

        private T? Next(ChatDelta part)
        {
            _times.Add(part);
            _finish = part.FinishReason ?? _finish;
            return lines.ToLine(part, Now);
        }

        private T End()
        {
            (long total, long prompt, long answer, Usage usage) = _times.Take();
            return lines.ToEnd(Now with
            {
                Done = true,
                DoneReason = DoneReasons.NameOf(_finish),
                TotalDuration = total,
                LoadDuration = 0,
                PromptEvalCount = usage.PromptTokens,
                PromptEvalDuration = prompt,
                EvalCount = usage.CompletionTokens,
                EvalDuration = answer,
            });
        }
    }
}
