using Orchard.Server.Errors;
using Orchard.Server.Generation;
using Orchard.Server.Models;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.OpenAI.Completions;

/// <summary><c>POST /v1/completions</c>.</summary>
internal static class CompletionEndpoint
{
    /// <summary>Answers a request.</summary>
    public static async Task HandleAsync(Served served)
    {
        CompletionRequest request = await RequestBody.ReadAsync(served.Http, OpenAIJson.Wire.CompletionRequest).ConfigureAwait(false);
        string model = served.ResolveModel(request.Model);
        served.Prompt = new PromptField("prompt");
        IReadOnlyList<string> texts = await TextInputs.ReadAsync(
            served.Client, model, new Field("prompt", request.Prompt), served.Aborted).ConfigureAwait(false);
        IReadOnlyList<ChatPrompt> prompts = CompletionMapping.ToPrompts(texts, request, served.Ignored);
        var frame = new Completion
        {
            Id = $"cmpl-{Guid.NewGuid():N}",
            Created = served.Get<TimeProvider>().GetUtcNow().ToUnixTimeSeconds(),
            Model = request.Model ?? model,
            Choices = [],
        };
        if (request.Stream is true)
        {
            await StreamAsync(served, model, prompts, request, frame).ConfigureAwait(false);
            return;
        }

        IReadOnlyList<ChatResult> results = await served.Client.ChatBatchAsync(model, prompts, served.Aborted).ConfigureAwait(false);
        await served.WriteAsync(
            CompletionMapping.ToCompletion(Batches.ThrowIfFailed(results), frame), OpenAIJson.Wire.Completion).ConfigureAwait(false);
    }

    private static async Task StreamAsync(
        Served served, string model, IReadOnlyList<ChatPrompt> prompts, CompletionRequest request, Completion frame)
    {
        int candidates = prompts[0].Options!.CandidateCount;
        var usage = new UsageSum();
        var lengths = new Dictionary<int, int>();
        await served.StreamAsync(
            StreamFormat.ServerSentEvents,
            token => served.Client.ChatBatchStreamAsync(model, prompts, token),
            (stream, part) =>
            {
                if (part.Error is not null)
                {
                    throw part.Error;
                }

                int index = (part.PromptIndex * candidates) + part.CandidateIndex;
                int offset = lengths.GetValueOrDefault(index);
                lengths[index] = offset + part.Text.Length;
                usage.Add(part);
                stream.Write(
                    frame with { Choices = [CompletionMapping.ToChoice(part.Text, index, part.Logprobs, offset, part.FinishReason)] },
                    OpenAIJson.Wire.Completion);
            },
            end: stream =>
            {
                if (request.StreamOptions?.IncludeUsage is true)
                {
                    stream.Write(frame with { Usage = TokenUsage.Of(usage.Total) }, OpenAIJson.Wire.Completion);
                }

                stream.WriteText("[DONE]");
            }).ConfigureAwait(false);
    }
}
