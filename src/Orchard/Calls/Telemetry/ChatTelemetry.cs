using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Orchard.Calls.Chat;
using Orchard.Diagnostics;

namespace Orchard.Calls.Telemetry;

/// <summary>What is told of chats.</summary>
internal static class ChatTelemetry
{
    public static readonly Histogram<double> Duration = OrchardTelemetry.Meter.CreateHistogram<double>(
        "orchard.chat.duration", "s", "Time from the first read of a call to its end.");

    public static readonly Histogram<double> TimeToFirstToken = OrchardTelemetry.Meter.CreateHistogram<double>(
        "orchard.chat.time_to_first_token", "s", "Time from the first read of a call to the first text of its answer, loading the model included.");

    public static readonly Counter<long> Tokens = OrchardTelemetry.Meter.CreateCounter<long>(
        "orchard.chat.tokens", "{token}", "Tokens of finished answers.");

    /// <summary>Whether anybody listens. Nothing else of this class is to be called when nobody does.</summary>
    public static bool IsEnabled => OrchardTelemetry.Spans.HasListeners() || Duration.Enabled || TimeToFirstToken.Enabled || Tokens.Enabled;

    /// <summary>The call's answer as it is, told of as it is read.</summary>
    public static async IAsyncEnumerable<ChatDelta> ObserveAsync(
        ChatRequest request,
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
