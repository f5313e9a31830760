namespace Orchard.Engine.Scheduling;

/// <summary>Collects sequences that arrive at nearly the same time after an idle period, so that they start in the same step.</summary>
/// <remarks>
/// Requests sent at the same time arrive one after another. If the first one started at once, its first step would delay all others by the
/// whole length of that step.
/// </remarks>
/// <param name="inbox">Where sequences arrive.</param>
/// <param name="options">Clock and waiting time.</param>
internal sealed class BurstCollector(SequenceInbox inbox, BatchSchedulerOptions options)
{
    // Several times the default waiting time. Waiting does not pay off for shorter steps.
    private static readonly TimeSpan MinStep = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits for further sequences until none arrives in time, all slots are taken, or a step's time is over.</summary>
    /// <param name="sequences">Receives them.</param>
    /// <param name="stepTime">Duration of a step without prompt tokens; zero if unknown.</param>
    public void Collect(SequenceTable sequences, TimeSpan stepTime)
    {
        if (stepTime < MinStep)
        {
            return;
        }

        WaitingSequences waiting = sequences.Waiting;
        long start = options.Time.GetTimestamp();
        int seen = 0;
        while (seen < waiting.Count && waiting.Count < sequences.SlotCount && options.Time.GetElapsedTime(start) < stepTime)
        {
            seen = waiting.Count;
            sequences.TakeFrom(inbox, options.BurstGap);
        }
    }
}
