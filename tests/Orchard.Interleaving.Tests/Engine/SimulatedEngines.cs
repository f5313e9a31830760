using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Connection;
using Orchard.Connection.Transport;
using Orchard.Interleaving;
using Orchard.Models;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;

namespace Orchard;

/// <summary>Connects a client to a simulated engine, and to the next one when that has died. What holds for all of them is set here.</summary>
internal sealed class SimulatedEngines(Schedule schedule, ClientOptions options) : IEngineConnector
{
    // Schedules run side by side, and a process counts its leases of a namespace by the namespace's name.
    private readonly EngineRoot _root = EngineRoot.At(Path.Combine(Path.GetTempPath(), $"orchard-explored-{Guid.NewGuid():N}"));

    /// <summary>Whether they are ours; else they are the family's, which tell the end of a load by an event.</summary>
    public bool IsOrchard { get; init; } = true;

    /// <summary>How many loads from now on fail.</summary>
    public int LoadsToFail { get; set; }

    /// <summary>Loads asked for, of all engines.</summary>
    public int LoadCommands { get; set; }

    /// <summary>How many engines there have been.</summary>
    public int Started { get; private set; }

    public SimulatedEngine? Current { get; private set; }

    public async Task<EngineSession> ConnectAsync(CancellationToken cancellationToken)
    {
        Schedule.Point("connects");
        cancellationToken.ThrowIfCancellationRequested();
        if (Current is not { IsDead: false } engine)
        {
            Current = engine = new SimulatedEngine(schedule, this, ++Started);
        }

        var events = new EngineEvents(schedule.Time);
        IpcTransport transport = await IpcTransport.OpenAsync(
            new EngineStream(engine), new EngineStream(engine), new EngineStream(engine), events.OnEvent, schedule.Time, NullLogger.Instance, cancellationToken).ConfigureAwait(false);
        try
        {
            Registration registration = await Registration
                .AttachAsync(_root, transport, events, engine.Process, options, NullLogger.Instance, cancellationToken).ConfigureAwait(false);
            return registration.Session ?? throw new EngineStartException($"The engine refused the client: {registration.Refusal}");
        }
        catch (ConnectionClosedException e)
        {
            throw new EngineStartException("The engine died before the client was registered.", e);
        }
    }
}
