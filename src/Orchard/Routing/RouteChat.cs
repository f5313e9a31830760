using System.Runtime.CompilerServices;
using Orchard.Models.Sources;

namespace Orchard.Routing;

/// <summary>Streams the answer to one conversation from one of the models of a route. Thread-safe.</summary>
/// <param name="name">Name of the route.</param>
/// <param name="runner">Runs the calls.</param>
/// <param name="queue">The queue of the local model.</param>
/// <param name="load">Loads the local model.</param>
/// <param name="conversations">Who has answered which conversation.</param>
/// <param name="time">The clock.</param>
internal sealed class RouteChat(
    string name, RouteRunner runner, LocalQueue queue, LocalLoad load, Conversations conversations, TimeProvider time)
{
    /// <summary>Streams the answer.</summary>
    /// <param name="prompt">The conversation, with its options.</param>
    /// <param name="index">Its index in the batch.</param>
    /// <param name="isStream">Whether the caller reads the answer as it is generated.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async IAsyncEnumerable<ChatDelta> StreamAsync(
        ChatPrompt prompt, int index, bool isStream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new SourceRequest([prompt], KeepsFailures: false, isStream);
        string conversation = ConversationId.Of(name, prompt.Messages);
        var call = new RouteCall
        {
            Conversation = conversation,
            IsContinued = prompt.Messages.Any(static message => message.Role == MessageRole.Assistant),
            Sequences = prompt.Options!.GeneratedCandidates,
        };
        using RouteUse<Answer> use = await runner.RunAsync(
            call, (attempt, cancelled) => BeginAsync(attempt, request, cancelled), cancellationToken).ConfigureAwait(false);
        Answer answer = use.Value;
        await using ConfiguredAsyncDisposable ending = answer.ConfigureAwait(false);
        conversations.Set(conversation, use.Plan.Side.IsRemote);
        while (await answer.ReadAsync().ConfigureAwait(false) is { } delta)
        {
            if (delta.FinishReason is null)
            {
                yield return index == delta.PromptIndex ? delta : delta.At(index, delta.Origin);
                continue;
            }

            if (!use.Plan.Side.IsRemote && delta.Usage is { } usage)
            {
                queue.LearnAnswer(usage.CompletionTokens, answer.Duration);
            }

            yield return delta.At(index, OriginOf(delta, use.Plan));
        }
    }

    private async Task<Answer> BeginAsync(RouteAttempt attempt, SourceRequest request, CancellationToken cancellationToken)
    {
        var answer = new Answer(attempt.Provider.ChatAsync(attempt.Model, request, cancellationToken), time, cancellationToken);
        try
        {
            await answer.BeginAsync().ConfigureAwait(false);
            attempt.Begin();
            if (!request.IsStream)
            {
                await answer.ReadAllAsync().ConfigureAwait(false);
            }

            return answer;
        }
        catch
        {
            await answer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private AnswerOrigin OriginOf(ChatDelta delta, RoutePlan plan) => new()
    {
        Source = delta.Origin?.Source,
        Model = delta.Origin?.Model ?? load.FindReady()?.Id ?? plan.Side.Model,
        Address = delta.Origin?.Address,
        Route = plan.Decision,
    };
}
