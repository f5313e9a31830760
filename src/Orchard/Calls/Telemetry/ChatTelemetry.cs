using System.Runtime.CompilerServices;
using Orchard.Diagnostics;

namespace Orchard.Calls.Telemetry;

/// <summary>Observes chat calls.</summary>
internal static class ChatTelemetry
{
    /// <summary>Whether spans or instruments of chats have a listener.</summary>
    public static bool IsEnabled => OrchardTelemetry.Spans.HasListeners() || ChatMetrics.IsEnabled;

    /// <summary>Passes the deltas of a call through, and records them as they are read.</summary>
    public static async IAsyncEnumerable<ChatDelta> ObserveAsync(
        ObservedRequest request,
        Func<CancellationToken, IAsyncEnumerable<ChatDelta>> call,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var observed = new ObservedChat(request);
        IAsyncEnumerator<ChatDelta> answer = call(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
        await using ConfiguredAsyncDisposable ending = answer.ConfigureAwait(false);
        while (true)
        {
            ChatDelta delta;
            try
            {
                if (!await answer.MoveNextAsync().ConfigureAwait(false))
                {
                    observed.Complete();
                    yield break;
                }

                delta = answer.Current;
            }
            catch (Exception e)
            {
                observed.Fail(e, cancellationToken.IsCancellationRequested);
                throw;
            }

            observed.OnDelta(delta);
            yield return delta;
        }
    }
}
