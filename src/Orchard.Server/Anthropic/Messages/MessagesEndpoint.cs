using Orchard.Server.Models;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.Anthropic.Messages;

/// <summary><c>POST /v1/messages</c> and <c>POST /v1/messages/count_tokens</c>.</summary>
internal static class MessagesEndpoint
{
    /// <summary>Answers a request.</summary>
    public static async Task HandleAsync(Served served)
    {
        (string model, MessagesRequest request, ChatPrompt prompt) = await ReadAsync(served).ConfigureAwait(false);
        var frame = new AnswerMessage
        {
            Id = $"msg_{Guid.NewGuid():N}",
            Model = request.Model ?? model,
            Usage = AnswerUsage.Of(default),
        };
        if (request.Stream is not true)
        {
            ChatResult result =
                await served.Client.ChatAsync(model, prompt.Messages, prompt.Options, served.Aborted).ConfigureAwait(false);
            served.Ignored.AddRange(result.IgnoredOptions);
            await served.WriteAsync(MessagesMapping.ToMessage(result, frame), AnthropicJson.Wire.AnswerMessage).ConfigureAwait(false);
            return;
        }

        var events = new MessageEvents(frame);
        await served.StreamAsync(
            StreamFormat.ServerSentEvents,
            token => served.Client.ChatStreamAsync(model, prompt.Messages, prompt.Options, token),
            (stream, part) =>
            {
                foreach (MessageEvent one in events.Of(part))
                {
                    Write(stream, one);
                }
            },
            static stream => Write(stream, MessageEvents.Ping)).ConfigureAwait(false);
    }

    /// <summary>Counts the tokens of a prompt.</summary>
    public static async Task CountAsync(Served served)
    {
        (string model, _, ChatPrompt prompt) = await ReadAsync(served).ConfigureAwait(false);
        int tokens = await served.Client.CountTokensAsync(model, prompt.Messages, prompt.Options, served.Aborted).ConfigureAwait(false);
        await served.WriteAsync(new TokenCount { InputTokens = tokens }, AnthropicJson.Wire.TokenCount).ConfigureAwait(false);
    }

    private static async Task<(string Model, MessagesRequest Request, ChatPrompt Prompt)> ReadAsync(Served served)
    {
        MessagesRequest request = await RequestBody.ReadAsync(served.Http, AnthropicJson.Wire.MessagesRequest).ConfigureAwait(false);
        return (served.ResolveModel(request.Model), request, MessagesMapping.ToPrompt(request, served.Ignored));
    }

    private static void Write(StreamedResponse stream, MessageEvent one) =>
        stream.Write(one, AnthropicJson.Wire.MessageEvent, one.Type);
}
