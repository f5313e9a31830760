using System.Buffers;
using System.Collections.Concurrent;
using Orchard.Models;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Testing.Wire;

namespace Orchard.Testing;

/// <summary>Answers the management commands of one instance of the scripted engine. Thread-safe.</summary>
internal sealed class EngineManagement(IEngineInstance instance, EngineState state)
{
    private const int ContextLength = 4096;

    private static readonly ManagementReply Ok = new() { Status = ManagementReply.OkStatus };

    private readonly ConcurrentDictionary<string, byte> _loaded = new();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _loads = new();

    private LoadedModel Model => new()
    {
        Facts = new ModelFacts
        {
            Architecture = "fake",
            ParameterCount = 0,
            ContextLength = ContextLength,
            FileBytes = 0,
            ChatTemplate = state.ChatTemplate,
            Sampling = state.Sampling,
            InputModalities = InputModalityNames.Of(state.InputModalities),
        },
    };

    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlySequence<byte> request, CancellationToken cancellationToken)
    {
        if (instance.HasEnded)
        {
            await StallAsync(cancellationToken).ConfigureAwait(false); // a crashed engine does not answer a command that was on its way
        }

        ManagementCommand message = ManagementJson.DecodeCommand(request);
        switch (message.Type)
        {
            // Parts of connecting and disconnecting, not commands of a caller.
            case ManagementCommand.ClientBind:
                return ManagementJson.Encode(Ok);
            case ManagementCommand.ChannelStatus:
                return ManagementJson.Encode(Ok with { Data = new ManagementReplyData { ChannelStatus = instance.ChannelStatus } });
        }

        var command = new FakeCommand(message);
        state.Commands.Add(command);
        if (state.Script.Ignores(command))
        {
            await StallAsync(cancellationToken).ConfigureAwait(false);
        }

        switch (command.Kind)
        {
            case FakeCommandKind.Register:
                return ManagementJson.Encode(await RegisterAsync(cancellationToken).ConfigureAwait(false));
            case FakeCommandKind.LoadModel when message.CanonicalId is { } model:
                return await LoadAsync(model, message.WaitForCompletion == true, cancellationToken).ConfigureAwait(false);
            case FakeCommandKind.CancelLoad when message.CanonicalId is { } model:
                await CancelLoadAsync(model).ConfigureAwait(false);
                break;
            case FakeCommandKind.UnloadModel when state.Script.TakeUnloadRefusal():
                return ManagementJson.Encode(Refuse("The model is in use, according to the script.", ErrorCode.ModelInUse));
            case FakeCommandKind.UnloadModel when message.CanonicalId is { } model:
                _loaded.TryRemove(model, out _);
                break;
            case FakeCommandKind.CancelRequest:
                instance.CancelRequest(message);
                break;
        }

        return ManagementJson.Encode(Ok);
    }

    public TelemetryEvent Heartbeat(int activeRequests) => new(new Telemetry
    {
        Health = new TelemetryHealth { Pid = instance.ProcessId, ActiveRequests = activeRequests, ActiveRuntimes = _loaded.Count },
        Models =
        [
            .. _loaded.Keys.Select(id => new TelemetryModel
            {
                RequestedId = id,
                CanonicalId = id,
                LoadState = TelemetryModel.ReadyState,
                RuntimeActive = true,
            }),
            .. _loads.Keys.Select(id => new TelemetryModel
            {
                RequestedId = id,
                CanonicalId = id,
                LoadState = TelemetryModel.LoadingState,
            }),
        ],
    });

    private async Task<ManagementReply> RegisterAsync(CancellationToken cancellationToken)
    {
        if (state.Script.IgnoresRegistrations)
        {
            await StallAsync(cancellationToken).ConfigureAwait(false);
        }

        if (state.Script.TakeRefusal())
        {
            return Refuse("The script refuses this registration.");
        }

        var identity = new EngineIdentity { ProcessId = instance.ProcessId, ProtocolVersion = ProtocolVersion.Current, Version = "fake" };
        return state.Script.HidesIdentity ? Ok : Ok with { Data = new ManagementReplyData { ClientRegister = identity } };
    }

    private async Task<ReadOnlyMemory<byte>> LoadAsync(string model, bool waitForCompletion, CancellationToken cancellationToken)
    {
        if (_loaded.ContainsKey(model))
        {
            return ManagementJson.Encode(Loaded());
        }

        FakeLoad load = state.Script.LoadOf(new FakeLoadRequest(model, state.CountLoad(model)));
        if (waitForCompletion)
        {
            return await PlayAsync(model, load, cancellationToken).ConfigureAwait(false);
        }

        instance.Run(ending => PublishOutcomeAsync(model, load, ending));
        return ManagementJson.Encode(Ok with { Status = ManagementReply.AcceptedStatus });
    }

    private async Task<ReadOnlyMemory<byte>> PlayAsync(string model, FakeLoad load, CancellationToken cancellationToken)
    {
        string? error = await OutcomeAsync(model, load, cancellationToken).ConfigureAwait(false);
        return load.End == FakeLoad.LoadEnd.MalformedReply
            ? "{\"status\":"u8.ToArray()
            : ManagementJson.Encode(error is null ? Loaded() : Refuse(error));
    }

    private async Task PublishOutcomeAsync(string model, FakeLoad load, CancellationToken ending)
    {
        try
        {
            string? error = await OutcomeAsync(model, load, ending).ConfigureAwait(false);
            instance.Publish(error is null ? new ModelLoadedEvent(model, Model) : new ModelLoadFailedEvent(model, error));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The engine has ended.
        }
    }

    // Null when the model is loaded, otherwise the error.
    private async Task<string?> OutcomeAsync(string model, FakeLoad load, CancellationToken cancellationToken)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _loads[model] = cancel;
        try
        {
            await load.WaitAsync(instance.Time, cancel.Token).ConfigureAwait(false);
            if (load.End == FakeLoad.LoadEnd.Crash)
            {
                instance.BeginCrash(midMessage: false);
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

    private async Task CancelLoadAsync(string model)
    {
        if (_loads.TryGetValue(model, out CancellationTokenSource? load))
        {
            await load.CancelAsync().ConfigureAwait(false);
        }
    }

    private static Task StallAsync(CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    private ManagementReply Loaded() => Ok with { Data = new ManagementReplyData { LoadModel = Model } };

    private static ManagementReply Refuse(string message, string? code = null) =>
        new() { Status = ManagementReply.ErrorStatus, Message = message, ErrorCode = code };
}
