using System.Runtime.CompilerServices;
using System.Threading.Channels;
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
    private const int QueuedDeltas = 256;

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
                : BatchAsync(model, request, bodies, cancellationToken);
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

    private async IAsyncEnumerable<ChatDelta> BatchAsync(
        RemoteModel model, SourceRequest request, ChatBody[] bodies, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var deltas = Channel.CreateBounded<ChatDelta>(new BoundedChannelOptions(QueuedDeltas) { SingleReader = true });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int next = -1;
        int workers = Math.Min(bodies.Length, settings.MaxConcurrentRequests);
        Task work = CompleteAsync(Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync())));
        try
        {
            await foreach (ChatDelta delta in deltas.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return delta;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(false);
        }

        // The first failure ends the others; it, not their cancellation, is the caller's.
        async Task WorkAsync()
        {
            try
            {
                while (Interlocked.Increment(ref next) is var index && index < bodies.Length)
                {
                    await PumpAsync(index).ConfigureAwait(false);
                }
            }
            catch (Exception e)
            {
                deltas.Writer.TryComplete(e);
                await ending.CancelAsync().ConfigureAwait(false);
            }
        }

        async Task PumpAsync(int index)
        {
            ChatPrompt prompt = request.Prompts[index];
            try
            {
                await foreach (ChatDelta delta in OneAsync(model, prompt, index, bodies[index], ending.Token).ConfigureAwait(false))
                {
                    await deltas.Writer.WriteAsync(delta, ending.Token).ConfigureAwait(false);
                }
            }
            catch (OrchardException e) when (request.KeepsFailures)
            {
                for (int i = 0; i < prompt.Options!.GeneratedCandidates; i++)
                {
                    await deltas.Writer.WriteAsync(Candidate.Fail(index, i, e), ending.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }

        async Task CompleteAsync(Task all)
        {
            await all.ConfigureAwait(false); // the workers keep their failures
            deltas.Writer.TryComplete();
        }
    }
}
