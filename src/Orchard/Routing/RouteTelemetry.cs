using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orchard.Diagnostics;

namespace Orchard.Routing;

/// <summary>Telemetry of routes.</summary>
internal static class RouteTelemetry
{
    private static readonly Counter<long> Decisions = OrchardTelemetry.Meter.CreateCounter<long>(
        "orchard.route.decisions", "{decision}", "Decisions of routes; a call that moves to the other model has a second one.");

    /// <summary>Records a decision, also in the span of the chat that it is for.</summary>
    public static void Record(RouteDecision decision)
    {
        string target = decision.IsRemote ? "remote" : "local";
        string reason = NameOf(decision.Reason);
        if (Decisions.Enabled)
        {
            var tags = new TagList
            {
                { TagNames.RouteName, decision.Name },
                { TagNames.RouteTarget, target },
                { TagNames.RouteReason, reason },
            };
            if (decision.Error is { } error)
            {
                tags.Add(TagNames.ErrorType, error.GetType().FullName);
            }

            Decisions.Add(1, tags);
        }

        if (Activity.Current is { IsAllDataRequested: true } span && span.Source == OrchardTelemetry.Spans)
        {
            span.SetTag(TagNames.RouteName, decision.Name);
            span.SetTag(TagNames.RouteTarget, target);
            span.SetTag(TagNames.RouteReason, reason);
            span.SetTag(TagNames.RouteQueueTime, decision.ExpectedQueueTime?.TotalSeconds);
        }
    }

    private static string NameOf(RouteReason reason) => reason switch
    {
        RouteReason.LocalFirst => "local_first",
        RouteReason.QueueTime => "queue_time",
        RouteReason.LocalUnavailable => "local_unavailable",
        RouteReason.RemoteUnavailable => "remote_unavailable",
        RouteReason.Always => "always",
        _ => "conversation",
    };
}
