using Orchard.Calls.Telemetry;

namespace Orchard.Calls.Chat;

/// <summary>A chat request and its stream of deltas, with telemetry if there is a listener.</summary>
internal sealed class ChatCall(ChatRequest request, ModelAttempts attempts)
{
    private readonly ModelCall<ChatDelta> _call = new(request, attempts);

    /// <inheritdoc cref="ModelCall{T}.StreamAsync"/>
    public IAsyncEnumerable<ChatDelta> StreamAsync(CancellationToken cancellationToken) => ChatTelemetry.IsEnabled
        ? ChatTelemetry.ObserveAsync(request.Observed, CheckedAsync, cancellationToken)
        : CheckedAsync(cancellationToken);

    private IAsyncEnumerable<ChatDelta> CheckedAsync(CancellationToken cancellationToken)
    {
        IAsyncEnumerable<ChatDelta> deltas = _call.StreamAsync(cancellationToken);
        return request.FindAnswerCheck()?.WatchAsync(deltas, cancellationToken) ?? deltas;
    }
}
