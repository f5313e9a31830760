using Orchard.Engine.Serving.Publishing;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Serving.Models;

/// <summary>Publishes the outcomes of one model's loads as events. Thread-safe.</summary>
internal sealed class LoadAnnouncer(string canonicalId, IEventSink events, TimeProvider time)
{
    /// <summary>
    /// Delay of an event after the last reply to a load command (100 ms). The load fails in some PIE-compatible clients if they receive the
    /// event before the reply.
    /// </summary>
    public static readonly TimeSpan EventDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns how long the event of a completed attempt has to wait. Requires the host's lock.</summary>
    public TimeSpan RemainingDelay(LoadAttempt attempt)
    {
        // Commands cannot join a completed attempt. The last reply is therefore a recorded one, or one that is being sent now.
        TimeSpan since = attempt.AnswersAtEnd ? TimeSpan.Zero : time.GetElapsedTime(attempt.LastAnswer);
        return since < EventDelay ? EventDelay - since : TimeSpan.Zero;
    }

    public void Announce(LoadOutcome outcome) => events.Publish(outcome.Model is { } model
        ? new ModelLoadedEvent(canonicalId, model.Description)
        : new ModelLoadFailedEvent(canonicalId, Excerpt.Of(outcome.Error!)));
}
