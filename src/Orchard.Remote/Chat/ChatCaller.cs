using System.Runtime.CompilerServices;
using Orchard.Models.Sources;
using Orchard.Remote.Configuration;
using Orchard.Remote.Models;
using Orchard.Remote.Requests;
using Orchard.Remote.Transport;

namespace Orchard.Remote.Chat;

/// <summary>Asks the servers of an endpoint for answers: one request per conversation. Thread-safe.</summary>
/// <param name="settings">The endpoint.</param>
/// <param name="sender">Sends the requests.</param>
/// <param name="pool">The servers.</param>
internal sealed class ChatCaller(EndpointSettings settings, RequestSender sender, ServerPool pool)
{
    /// <summary>Streams the answers.</summary>
    /// <param name="model">The model, with what is known about it.</param>
    /// <param name="request">The conversations.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async IAsyncEnumerable<ChatDelta> StreamAsync(
        RemoteModel model, SourceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ChatBody[] bodies = WriteAll(model, request.Prompts);
        try
        {
            IAsyncEnumerable<ChatDelta> deltas = request.Prompts.Count == 1
                ? OneAsync(model, request.Prompts[0], 0, bodies[0], cancellationToken)
                : AnswerBatch.StreamAsync(
                    request,
                    settings.MaxConcurrentRequests,
                    (index, cancelled) => OneAsync(model, request.Prompts[index], index, bodies[index], cancelled),
                    cancellationToken);
            await foreach (ChatDelta delta in deltas.ConfigureAwait(false))
            {
                yield return delta;
            }
        }
        finally
        {
            Array.ForEach(bodies, static body => body.Body.Dispose());
        }
    }

    // All, before anything is sent: an option that the server does not support is found first.
    private ChatBody[] WriteAll(RemoteModel model, IReadOnlyList<ChatPrompt> prompts)
    {
        var bodies = new List<ChatBody>(prompts.Count);
        try
        {
            bodies.AddRange(prompts.Select(prompt => ChatBody.Write(settings, model.Profile, model.ServerName, prompt)));
            return [.. bodies];
        }
        catch
        {
            bodies.ForEach(static body => body.Body.Dispose());
            throw;
        }
    }

    private async IAsyncEnumerable<ChatDelta> OneAsync(
        RemoteModel model, ChatPrompt prompt, int index, ChatBody body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new RemoteCall(Route.Chat, model.Name, body.Body)
        {
            IsStream = true,
            Session = pool.SessionOf(ConversationId.Of(model.ServerName, prompt.Messages)),
            Offered = model.Offered,
        };
        using AnswerReader reader = await sender.SendAsync(
            call,
            response => new AnswerReader(
                response, index, prompt.Options!, body, model.OriginOf(response.Scene.Address)).BeginAsync(),
            cancellationToken).ConfigureAwait(false);
        bool isMore = true;
        while (isMore)
        {
            for (int i = 0; i < reader.Deltas.Count; i++)
            {
                yield return reader.Deltas[i];
            }

            try
            {
                isMore = await reader.ReadAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                throw reader.Explain(e);
            }
        }

        await reader.DrainAsync().ConfigureAwait(false);
    }
}
