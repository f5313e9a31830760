using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Orchard.Models.Sources;

/// <summary>Streams the answers to the conversations of one request, several at the same time, each as a call of its own.</summary>
internal static class AnswerBatch
{
    private const int QueuedDeltas = 256;

    /// <summary>Streams the answers, mixed.</summary>
    /// <param name="request">The request; it says what becomes of failures.</param>
    /// <param name="atOnce">How many conversations are answered at the same time.</param>
    /// <param name="stream">Streams the answer to the conversation with an index.</param>
    /// <param name="cancellationToken">Ends all of them.</param>
    public static async IAsyncEnumerable<ChatDelta> StreamAsync(
        SourceRequest request,
        int atOnce,
        Func<int, CancellationToken, IAsyncEnumerable<ChatDelta>> stream,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var deltas = Channel.CreateBounded<ChatDelta>(new BoundedChannelOptions(QueuedDeltas) { SingleReader = true });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int next = -1;
        int workers = Math.Min(request.Prompts.Count, atOnce);
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
                while (Interlocked.Increment(ref next) is var index && index < request.Prompts.Count)
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
            try
            {
                await foreach (ChatDelta delta in stream(index, ending.Token).ConfigureAwait(false))
                {
                    await deltas.Writer.WriteAsync(delta, ending.Token).ConfigureAwait(false);
                }
            }
            catch (OrchardException e) when (request.KeepsFailures)
            {
                for (int i = 0; i < request.Prompts[index].Options!.GeneratedCandidates; i++)
                {
                    await deltas.Writer.WriteAsync(Fail(index, i, e), ending.Token).ConfigureAwait(false);
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

    private static ChatDelta Fail(int promptIndex, int candidate, OrchardException error) => new()
    {
        Text = "",
        FinishReason = FinishReason.Error,
        Usage = default(Usage),
        PromptIndex = promptIndex,
        CandidateIndex = candidate,
        Error = error,
    };
}
