using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchard.Models.Sources;

namespace Orchard.Routing;

/// <summary>Streams the answers to several conversations, each of which goes its own way. Thread-safe.</summary>
/// <param name="chat">Streams one answer.</param>
/// <param name="load">Loads the local model.</param>
internal sealed class RouteBatch(RouteChat chat, LocalLoad load)
{
    private const int QueuedDeltas = 256;
    private const int AtRemote = 64; // conversations of one batch at the same time, beyond those that the local model has room for

    /// <summary>Streams the answers.</summary>
    public async IAsyncEnumerable<ChatDelta> StreamAsync(
        SourceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var deltas = Channel.CreateBounded<ChatDelta>(new BoundedChannelOptions(QueuedDeltas) { SingleReader = true });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int next = -1;
        int workers = Math.Min(request.Prompts.Count, AtRemote + (load.FindReady()?.ParallelSequences ?? AtRemote));
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
                    await PumpAsync(request.Prompts[index], index).ConfigureAwait(false);
                }
            }
            catch (Exception e)
            {
                deltas.Writer.TryComplete(e);
                await ending.CancelAsync().ConfigureAwait(false);
            }
        }

        async Task PumpAsync(ChatPrompt prompt, int index)
        {
            try
            {
                await foreach (ChatDelta delta in chat.StreamAsync(Listening(prompt, index), index, request.IsStream, ending.Token)
                    .ConfigureAwait(false))
                {
                    await deltas.Writer.WriteAsync(delta, ending.Token).ConfigureAwait(false);
                }
            }
            catch (OrchardException e) when (request.KeepsFailures)
            {
                for (int i = 0; i < prompt.Options!.GeneratedCandidates; i++)
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

    // Progress of the prefill is that of the batch's conversation.
    private static ChatPrompt Listening(ChatPrompt prompt, int index) => prompt.Options!.PrefillProgress is { } listener
        ? new ChatPrompt(prompt.Messages, prompt.Options with { PrefillProgress = new Indexed(listener, index) })
        : prompt;

    private static ChatDelta Fail(int index, int candidate, OrchardException error) => new()
    {
        Text = "",
        FinishReason = FinishReason.Error,
        Usage = default(Usage),
        PromptIndex = index,
        CandidateIndex = candidate,
        Error = error,
    };

    private sealed class Indexed(IProgress<PrefillProgress> listener, int index) : IProgress<PrefillProgress>
    {
        public void Report(PrefillProgress value) => listener.Report(value with { PromptIndex = index });
    }
}
