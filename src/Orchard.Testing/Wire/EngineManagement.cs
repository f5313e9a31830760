using System.Buffers;
using System.Collections.Concurrent;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Testing.Wire;

/// <summary>How one life of the scripted engine answers commands. Thread-safe.</summary>
internal sealed class EngineManagement(EngineLife life, FakeEngine engine)
{
    private const int ContextLength = 4096;

    private static readonly ManagementReply Ok = new() { Status = ManagementReply.OkStatus };

    private readonly LoadedModel _model = new()
    {
        Facts = new ModelFacts
        {
            Architecture = "fake",
            ParameterCount = 0,
            ContextLength = ContextLength,
            FileBytes = 0,
            ChatTemplate = engine.ChatTemplate,
            Sampling = engine.Sampling,
        },
    };

    private readonly ConcurrentDictionary<string, byte> _loaded = new();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _loads = new();

    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlySequence<byte> request, CancellationToken cancellationToken)
    {
        if (life.IsOver)
        {
            await StallAsync(cancellationToken).ConfigureAwait(false); // the dead answer nobody who still gets through
        }

        ManagementCommand message = ManagementJson.DecodeCommand(request);
        var command = new FakeCommand(message);
        engine.Record(command);
        switch (command.Kind)
        {
            case FakeCommandKind.Register:
                return ManagementJson.Encode(await RegisterAsync(cancellationToken).ConfigureAwait(false));
            case FakeCommandKind.LoadModel when message.CanonicalId is { } model:
                return await LoadAsync(model, message.WaitForCompletion == true, cancellationToken).ConfigureAwait(false);
            case FakeCommandKind.CancelLoad when message.CanonicalId is { } model && _loads.TryGetValue(model, out CancellationTokenSource? load):
                await load.CancelAsync().ConfigureAwait(false);
                break;
            case FakeCommandKind.UnloadModel when engine.Script.TakeUnloadRefusal():
                return ManagementJson.Encode(Refuse("The script says that the model is in use.") with { ErrorCode = ErrorCode.ModelInUse });
            case FakeCommandKind.UnloadModel when message.CanonicalId is { } model:
                _loaded.TryRemove(model, out _);
                break;
            case FakeCommandKind.CancelRequest:
                life.Cancel(message);
                break;
        }

        return ManagementJson.Encode(Ok);
    }

    public TelemetryEvent Heartbeat(int activeRequests) => new(new Telemetry
    {
        Health = new TelemetryHealth { Pid = life.ProcessId, ActiveRequests = activeRequests, ActiveRuntimes = _loaded.Count },
        Models =
        [
            .. _loaded.Keys.Select(id => new TelemetryModel
            {
                RequestedId = id,
                CanonicalId = id,
                LoadState = TelemetryModel.ReadyState,
                RuntimeActive = true,
            }),
        ],
    });

    private async Task<ManagementReply> RegisterAsync(CancellationToken cancellationToken)
    {
        if (engine.Script.IgnoresRegistrations)
        {
            await StallAsync(cancellationToken).ConfigureAwait(false);
        }

        if (engine.Script.TakeRefusal())
        {
            return Refuse("The script refuses this registration.");
        }

        return engine.Script.HidesIdentity
            ? Ok
            : Ok with
            {
                Data = new ManagementReplyData
                {
                    ClientRegister = new EngineIdentity { ProcessId = life.ProcessId, ProtocolVersion = ProtocolVersion.Current, Version = "fake" },
                },
            };
    }

    private async Task<ReadOnlyMemory<byte>> LoadAsync(string model, bool waitForCompletion, CancellationToken cancellationToken)
    {
        if (_loaded.ContainsKey(model))
        {
            return ManagementJson.Encode(Loaded());
        }

        FakeLoad load = engine.Script.LoadOf(new FakeLoadRequest(model, engine.CountLoad(model)));
        if (waitForCompletion)
        {
            return await PlayAsync(model, load, cancellationToken).ConfigureAwait(false);
        }

        life.Run(ending => TellAsync(model, load, ending));
        return ManagementJson.Encode(Ok with { Status = ManagementReply.AcceptedStatus });
    }

    private async Task<ReadOnlyMemory<byte>> PlayAsync(string model, FakeLoad load, CancellationToken cancellationToken)
    {
        string? error = await OutcomeAsync(model, load, cancellationToken).ConfigureAwait(false);
        return load.End == FakeLoad.LoadEnd.MalformedReply
            ? "{\"status\":"u8.ToArray()
            : ManagementJson.Encode(error is null ? Loaded() : Refuse(error));
    }

    private async Task TellAsync(string model, FakeLoad load, CancellationToken ending)
    {
        try
        {
            string? error = await OutcomeAsync(model, load, ending).ConfigureAwait(false);
            life.Publish(error is null ? new ModelLoadedEvent(model, _model) : new ModelLoadFailedEvent(model, error));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // This life is over.
        }
    }

    // Null when the model is loaded, else why it is not.
    private async Task<string?> OutcomeAsync(string model, FakeLoad load, CancellationToken cancellationToken)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _loads[model] = cancel;
        try
        {
            await load.WaitAsync(life.Time, cancel.Token).ConfigureAwait(false);
            if (load.End == FakeLoad.LoadEnd.Crash)
            {
                life.BeginEnd(torn: false);
            }

            if (load.End is FakeLoad.LoadEnd.Stall or FakeLoad.LoadEnd.Crash)
            {
                await StallAsync(cancel.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "The load was cancelled.";
        }
        finally
        {
            _loads.TryRemove(new KeyValuePair<string, CancellationTokenSource>(model, cancel));
        }

        if (load.Error is null)
        {
            _loaded.TryAdd(model, 0);
        }

        return load.Error;
    }

    private static Task StallAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    private ManagementReply Loaded() => Ok with { Data = new ManagementReplyData { LoadModel = _model } };

    private static ManagementReply Refuse(string message) => new() { Status = ManagementReply.ErrorStatus, Message = message };
}
