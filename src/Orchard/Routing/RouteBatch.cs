using Orchard.Models.Sources;

namespace Orchard.Routing;

/// <summary>Streams the answers to several conversations, each of which goes its own way. Thread-safe.</summary>
/// <param name="chat">Streams one answer.</param>
/// <param name="load">Loads the local model.</param>
internal sealed class RouteBatch(RouteChat chat, LocalLoad load)
{
    private const int AtRemote = 64; // conversations of one batch at the same time, beyond those that the local model has room for

    /// <summary>Streams the answers.</summary>
    public IAsyncEnumerable<ChatDelta> StreamAsync(SourceRequest request, CancellationToken cancellationToken) => AnswerBatch.StreamAsync(
        request,
        AtRemote + (load.FindReady()?.ParallelSequences ?? AtRemote),
        (index, cancelled) => chat.StreamAsync(Listening(request.Prompts[index], index), index, request.IsStream, cancelled),
        cancellationToken);

    // Progress of the prefill is that of the batch's conversation.
    private static ChatPrompt Listening(ChatPrompt prompt, int index) => prompt.Options!.PrefillProgress is { } listener
        ? new ChatPrompt(prompt.Messages, prompt.Options with { PrefillProgress = new Indexed(listener, index) })
        : prompt;

    private sealed class Indexed(IProgress<PrefillProgress> listener, int index) : IProgress<PrefillProgress>
    {
        public void Report(PrefillProgress value) => listener.Report(value with { PromptIndex = index });
    }
}
