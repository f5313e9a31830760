using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Orchard;

namespace WebChat;

/// <summary>Streams the answer as server-sent events: any number of <c>text</c> events, then one <c>end</c> or <c>error</c> event.</summary>
internal static class ChatEndpoint
{
    /// <remarks>Closing the page or pressing its stop button aborts the request, which stops the generation in the engine.</remarks>
    public static Results<ServerSentEventsResult<object>, BadRequest<string>> Answer(
        Conversation conversation, IChatClient chat, IOptions<WebChatOptions> options, CancellationToken aborted)
    {
        if (!options.Value.Models.Contains(conversation.Model))
        {
            return TypedResults.BadRequest($"The model \"{conversation.Model}\" is not offered here. Offered are: {string.Join(", ", options.Value.Models)}.");
        }

        if (conversation.Turns is not [.., { IsUser: true }])
        {
            return TypedResults.BadRequest("The last turn is not a question.");
        }

        return TypedResults.ServerSentEvents(Events(conversation, chat, aborted));
    }

    private static async IAsyncEnumerable<SseItem<object>> Events(
        Conversation conversation, IChatClient chat, [EnumeratorCancellation] CancellationToken aborted)
    {
        var speed = new Speedometer();
        var usage = new UsageDetails();
        var options = new ChatOptions { ModelId = conversation.Model };
        await using IAsyncEnumerator<ChatResponseUpdate> updates =
            chat.GetStreamingResponseAsync(conversation.ToMessages(), options, aborted).GetAsyncEnumerator(aborted);
        while (true)
        {
            string? error = null;
            try
            {
                if (!await updates.MoveNextAsync())
                {
                    break;
                }
            }
            catch (OrchardException exception)
            {
                error = exception.Message;
            }

            if (error is not null)
            {
                yield return new SseItem<object>(error, "error");
                yield break;
            }

            speed.OnPiece();
            foreach (UsageContent content in updates.Current.Contents.OfType<UsageContent>())
            {
                usage.Add(content.Details);
            }

            if (updates.Current.Text is { Length: > 0 } text)
            {
                yield return new SseItem<object>(text, "text");
            }
        }

        long tokens = usage.OutputTokenCount ?? 0;
        yield return new SseItem<object>(new End(tokens, speed.TokensPerSecond(tokens), speed.FirstTokenMilliseconds), "end");
    }

    private sealed record End(long Tokens, double? TokensPerSecond, double FirstTokenMilliseconds);
}
