using Orchard.Calls.Telemetry;
using Orchard.Models.Sources;

namespace Orchard.Calls.Chat;

/// <summary>A chat request and its stream of deltas, with telemetry if there is a listener.</summary>
internal sealed class ChatCall(ChatRequest request, ModelAttempts attempts, ModelSources sources)
{
    /// <inheritdoc cref="ModelCall{T}.StreamAsync"/>
    public IAsyncEnumerable<ChatDelta> StreamAsync(CancellationToken cancellationToken) => ChatTelemetry.IsEnabled
        ? ChatTelemetry.ObserveAsync(request.Observed, CheckedAsync, cancellationToken)
        : CheckedAsync(cancellationToken);

    private IAsyncEnumerable<ChatDelta> CheckedAsync(CancellationToken cancellationToken)
    {
        bool isElsewhere = sources.TryFind(request.Model, out IModelProvider? provider, out string? name);
        IAsyncEnumerable<ChatDelta> deltas = isElsewhere
            ? provider!.ChatAsync(name!, request.ForSource(), cancellationToken)
            : new ModelCall<ChatDelta>(request, attempts).StreamAsync(cancellationToken);
        return request.FindAnswerCheck(isEnforced: !isElsewhere)?.WatchAsync(deltas, cancellationToken) ?? deltas;
    }
}
