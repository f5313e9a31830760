using Orchard.Callbacks;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls.Chat;

/// <summary>Passes the progress of the prefill of one conversation to the caller's listener. Not thread-safe.</summary>
/// <param name="listener">The caller's listener.</param>
internal sealed class PrefillReports(IProgress<PrefillProgress> listener)
{
    private const int Capacity = 64;

    private readonly CallbackQueue _queue = new(Capacity);
    private int _computed;

    /// <summary>Reports the progress that a delta contains, unless a candidate of the same conversation has come further.</summary>
    public void Report(ResponseDelta delta, int promptIndex)
    {
        if (delta.Extras?.PrefilledTokens is { } computed && delta.PromptTokenCount is { } total && computed > _computed)
        {
            _computed = computed;
            var progress = new PrefillProgress
            {
                PromptIndex = promptIndex,
                ComputedTokens = Math.Min(computed, total),
                PromptTokens = total,
            };
            _queue.Add(() => listener.Report(progress));
        }
    }
}
