using System.Diagnostics;
using Orchard.Diagnostics;
using Orchard.Processes;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls.Telemetry;

/// <summary>
/// Creates spans for the phases of a sequence in the engine. The engine receives the trace context with the request, and returns the times
/// and that context with the final delta, so that it needs no exporter.
/// </summary>
internal static class SequenceSpans
{
    /// <summary>Returns the trace context to send with a request; null when the spans would not be recorded.</summary>
    public static string? Context() =>
        Activity.Current is { IsAllDataRequested: true, IdFormat: ActivityIdFormat.W3C } span && span.Source == OrchardTelemetry.Spans
            ? span.Id
            : null;

    /// <summary>Adds the spans of a sequence that has ended.</summary>
    /// <param name="delta">The final delta of the sequence.</param>
    /// <param name="processId">Process id of the engine; null if unknown.</param>
    public static void Add(ResponseDelta delta, int? processId)
    {
        if (delta.Extras?.Times is not { } times
            || !ActivityContext.TryParse(times.TraceParent, null, isRemote: true, out ActivityContext parent))
        {
            return;
        }

        int computed = (delta.PromptTokenCount ?? 0) - (delta.CachedTokenCount ?? 0);
        DateTimeOffset start = DateTimeOffset.UnixEpoch.AddMicroseconds(times.ArrivedAt);
        start = Add("orchard.engine.queue", times.Queue, null);
        start = Add("orchard.engine.prefill", times.Prefill, computed);
        Add("orchard.engine.decode", times.Decode, delta.GenerationLength);

        DateTimeOffset Add(string name, long microseconds, int? tokens)
        {
            DateTimeOffset end = start.AddMicroseconds(microseconds);
            using Activity? span = OrchardTelemetry.Spans.StartActivity(name, ActivityKind.Internal, parent, startTime: start);
            span?.SetTag(TagNames.EngineProcess, processId);
            span?.SetTag(TagNames.Conversation, delta.PromptIndex);
            span?.SetTag(TagNames.Candidate, delta.CandidateIndex);
            span?.SetTag(TagNames.TokenCount, tokens);
            span?.SetEndTime(end.UtcDateTime);
            return end;
        }
    }
}
