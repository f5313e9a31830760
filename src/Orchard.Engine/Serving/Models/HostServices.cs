using Microsoft.Extensions.Logging;
using Orchard.Engine.Serving.Publishing;

namespace Orchard.Engine.Serving.Models;

/// <summary>What the hosts of all models share.</summary>
internal sealed record HostServices
{
    /// <summary>Loads models.</summary>
    public required IModelLoader Loader { get; init; }

    /// <summary>Receives the outcomes of loads.</summary>
    public required IEventSink Events { get; init; }

    /// <summary>Called after each decode step of a model, after its observers.</summary>
    public required Action OnStepCompleted { get; init; }

    /// <summary>Makes room for a model before it is loaded.</summary>
    public required ModelMemory Memory { get; init; }

    /// <summary>How long models stay after their last use by default; negative for always.</summary>
    public required TimeSpan KeepAlive { get; init; }

    /// <summary>Cancellations of load commands that have not arrived yet.</summary>
    public required EarlyCancels<LoadKey> EarlyCancels { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Logs loads.</summary>
    public required ILogger Logger { get; init; }
}
