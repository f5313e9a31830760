using Microsoft.Extensions.Logging;
using Orchard.Engine.Serving.Publishing;

namespace Orchard.Engine.Serving.Models;

/// <summary>What the hosts of all models share.</summary>
/// <param name="Loader">Loads models.</param>
/// <param name="Events">Receives the outcomes of loads.</param>
/// <param name="OnStepCompleted">Called after each decode step of a model, after its observers.</param>
/// <param name="EarlyCancels">Cancellations of load commands that have not arrived yet.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Logs loads.</param>
internal sealed record HostServices(
    IModelLoader Loader,
    IEventSink Events,
    Action OnStepCompleted,
    EarlyCancels<LoadKey> EarlyCancels,
    TimeProvider Time,
    ILogger Logger);
