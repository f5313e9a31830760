using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Hosting;
using Orchard.Engine.Inference;
using Orchard.Engine.Serving.Clients;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>Answers management commands. None waits for slow work, except a <c>load_model</c> that asks to. Thread-safe.</summary>
internal sealed class ManagementHandler(LoadedModels models, ActiveRequests requests, ClientLeases leases, ILogger logger)
{
    private static readonly ManagementReply Ok = new() { Status = ManagementReply.OkStatus };

    private static readonly ManagementReply Registered = Ok with
    {
        Data = new ManagementReplyData
        {
            ClientRegister = new EngineIdentity
            {
                ProcessId = Environment.ProcessId,
                ProtocolVersion = ProtocolVersion.Current,
                Version = EngineVersion.Current,
            },
        },
    };

    private readonly TaskCompletionSource _shutdownRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a client has asked the engine to stop.</summary>
    public Task ShutdownRequested => _shutdownRequested.Task;

    /// <summary>From now on newcomers are told to start an engine of their own.</summary>
    public void BeginShutdown() => leases.Close();

    /// <summary>Decodes, executes and encodes. Never throws, but for the cancellation of a reply nobody waits for.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> HandleAsync(ReadOnlySequence<byte> request, CancellationToken cancellationToken) =>
        ManagementJson.Encode(await ReplyAsync(request, cancellationToken).ConfigureAwait(false));

    /// <summary>Executes one command.</summary>
    public async ValueTask<ManagementReply> ExecuteAsync(ManagementCommand command, CancellationToken cancellationToken) => command.Type switch
    {
        ManagementCommand.LoadModel => await LoadModelAsync(command, cancellationToken).ConfigureAwait(false),
        ManagementCommand.CancelModelLoad => CancelModelLoad(command),
        ManagementCommand.UnloadModel => await UnloadModelAsync(command).ConfigureAwait(false),
        ManagementCommand.CancelRequest => CancelRequest(command),
        ManagementCommand.InspectModelSource => InspectModelSource(command),
        ManagementCommand.ClientRegister => Register(command),
        ManagementCommand.ClientDeregister => Deregister(command),
        ManagementCommand.Tokenize => await Task.Run(() => Tokenize(command), cancellationToken).ConfigureAwait(false),
        ManagementCommand.Detokenize => await Task.Run(() => Detokenize(command), cancellationToken).ConfigureAwait(false),
        ManagementCommand.Shutdown => Shutdown(),
        _ => Refuse($"Unknown command '{command.Type}'."),
    };

    private async ValueTask<ManagementReply> ReplyAsync(ReadOnlySequence<byte> request, CancellationToken cancellationToken)
    {
        ManagementCommand command;
        try
        {
            command = ManagementJson.DecodeCommand(request);
        }
        catch (WireException e)
        {
            return Refuse(e.Message);
        }

        try
        {
            return await ExecuteAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.CommandFailed(command.Type, e);
            return new ManagementReply { Status = ManagementReply.ErrorStatus, Message = $"Internal error: {e.Message}" };
        }
    }

    private async ValueTask<ManagementReply> LoadModelAsync(ManagementCommand command, CancellationToken cancellationToken)
    {
        string? id = NonEmpty(command.CanonicalId) ?? NonEmpty(command.RequestedId);
        if (id is null)
        {
            return Refuse("load_model needs a canonical_id.");
        }

        if (TryInspect(command.ModelPath, out string? file, out _) is { } refusal)
        {
            // The command is also how clients ask whether a model is loaded, and a loaded one does not need its file to be there.
            return models.Find(id)?.Model is { } present ? Loaded(present) : Refuse(refusal);
        }

        bool waits = command.WaitForCompletion ?? false;
        LoadKey? key = KeyOf(command);
        LoadTicket ticket = models.Load(id, NonEmpty(command.RequestedId) ?? id, file!, key, waits);
        if (ticket.Refusal is not null)
        {
            return Refuse(ticket.Refusal);
        }

        if (ticket.Loaded is null && !waits)
        {
            return new ManagementReply { Status = ManagementReply.AcceptedStatus };
        }

        if (ticket.Loaded is { } loaded)
        {
            return Loaded(loaded);
        }

        try
        {
            LoadOutcome outcome = await ticket.Outcome!.WaitAsync(cancellationToken).ConfigureAwait(false);
            return outcome.Model is { } model ? Loaded(model) : Refuse(outcome.Error!);
        }
        catch (OperationCanceledException)
        {
            // The connection is gone, and with it whoever wanted the model.
            models.CancelLoad(id, key);
            throw;
        }
    }

    private static ManagementReply Loaded(LoadedModelHandle model) => new()
    {
        Status = ManagementReply.OkStatus,
        Data = new ManagementReplyData { LoadModel = model.Description },
    };

    private ManagementReply CancelModelLoad(ManagementCommand command)
    {
        string? id = NonEmpty(command.CanonicalId) ?? NonEmpty(command.RequestedId);
        if (id is null)
        {
            return Refuse("cancel_model_load needs a canonical_id or a requested_id.");
        }

        // An id that is not loading counts as cancelled: the load may just have ended, or the command come twice.
        models.CancelLoad(id, KeyOf(command));
        return Ok;
    }

    private async ValueTask<ManagementReply> UnloadModelAsync(ManagementCommand command)
    {
        string? id = NonEmpty(command.CanonicalId) ?? NonEmpty(command.RequestedId);
        if (id is null)
        {
            return Refuse("unload_model needs a canonical_id or a requested_id.");
        }

        return await models.TryUnloadAsync(id).ConfigureAwait(false)
            ? Ok
            : Refuse($"Model '{id}' is in use; unload it when its last sequence has ended.") with { ErrorCode = ErrorCode.ModelInUse };
    }

    private ManagementReply Tokenize(ManagementCommand command)
    {
        if (command.Texts is not { } texts || Array.Exists(texts, text => text is null))
        {
            return Refuse("tokenize needs texts, a list of strings.");
        }

        if (FindModel(command, out ManagementReply? refusal) is not { } model)
        {
            return refusal!;
        }

        bool special = command.Special ?? false;
        int[] plain = command.PlainText ?? [];
        if (plain.Length > 0 && (texts.Length != 1 || !special))
        {
            return Refuse("plain_text of tokenize goes with one text and special only.");
        }

        try
        {
            return Ok with
            {
                Data = new ManagementReplyData
                {
                    Tokenize = Array.ConvertAll(texts, text =>
                    {
                        byte[] utf8 = System.Text.Encoding.UTF8.GetBytes(text);
                        return special
                            ? model.Tokenizer.Tokenize(utf8, PromptExtensionsMetadata.DecodePlain(plain, (ulong)utf8.Length))
                            : model.Tokenizer.Tokenize(utf8, addSpecial: false, parseSpecial: false);
                    }),
                },
            };
        }
        catch (Exception e) when (e is WireException or ArgumentException)
        {
            return Refuse(e.Message) with { ErrorCode = ErrorCode.InvalidRequest };
        }
    }

    private ManagementReply Detokenize(ManagementCommand command)
    {
        if (command.Tokens is not { } tokens)
        {
            return Refuse("detokenize needs tokens, a list of token ids.");
        }

        if (FindModel(command, out ManagementReply? refusal) is not { } model)
        {
            return refusal!;
        }

        try
        {
            return Ok with { Data = new ManagementReplyData { Detokenize = model.Tokenizer.Detokenize(tokens, command.Special ?? false) } };
        }
        catch (ArgumentException e) // a token is not in the vocabulary
        {
            return Refuse(e.Message) with { ErrorCode = ErrorCode.InvalidRequest };
        }
    }

    private LoadedModelHandle? FindModel(ManagementCommand command, out ManagementReply? refusal)
    {
        LoadedModelHandle? model = NonEmpty(command.CanonicalId) is { } id ? models.Find(id)?.Model : null;
        refusal = model is null
            ? Refuse($"Model '{command.CanonicalId}' is not loaded; load it and wait until it is ready.") with { ErrorCode = ErrorCode.ModelNotLoaded }
            : null;
        return model;
    }

    private ManagementReply CancelRequest(ManagementCommand command)
    {
        if (command.RequestId is not { } requestId)
        {
            return Refuse("cancel_request needs a request_id.");
        }

        return requests.Cancel(requestId, command.ResponseChannelId) == CancelResult.Ambiguous
            ? Refuse($"Several clients have a request {requestId}; name the response_channel_id as well.")
            : Ok;
    }

    private ManagementReply InspectModelSource(ManagementCommand command)
    {
        if (TryInspect(command.ModelPath, out string? file, out ModelFileFacts? facts) is { } refusal)
        {
            return Refuse(refusal);
        }

        return new ManagementReply
        {
            Status = ManagementReply.OkStatus,
            Data = new ManagementReplyData
            {
                InspectModelSource = new ModelSource
                {
                    CanonicalId = ModelFileLocator.IdOf(file!),
                    ModelPath = file,
                    SourceFormat = "gguf",
                    Architecture = facts!.Architecture,
                    ModelType = facts.Architecture,
                    FormatterConfig = FormatterConfig(facts.Architecture),
                },
            },
        };
    }

    private ManagementReply Register(ManagementCommand command)
    {
        if (command.ClientPid is not ({ } pid and > 0))
        {
            return Refuse($"client_register needs a client_pid above 0, not {command.ClientPid?.ToString(provider: null) ?? "none"}.");
        }

        if (command.ProtocolVersion is { } version && version != ProtocolVersion.Current)
        {
            return Refuse(
                $"Client {pid} speaks protocol version {version}, this engine version {ProtocolVersion.Current}; " +
                "use client and engine of the same release.",
                Registered.Data);
        }

        switch (leases.Register(pid))
        {
            case Registration.Refused:
                return Refuse("The engine is shutting down; start a new one when it is gone.");
            case Registration.Counted:
                logger.ClientRegistered(pid);
                break;
            default:
                logger.InvisibleClientRegistered(pid);
                break;
        }

        return Registered;
    }

    private ManagementReply Deregister(ManagementCommand command)
    {
        if (command.ClientPid is not { } pid)
        {
            return Refuse("client_deregister needs a client_pid.");
        }

        if (leases.Deregister(pid))
        {
            // Nothing of it is cancelled: another client in that process may just have come.
            logger.ClientDeregistered(pid);
        }

        return Ok;
    }

    private ManagementReply Shutdown()
    {
        logger.ShutdownRequested();
        leases.Close();
        _shutdownRequested.TrySetResult();
        return Ok;
    }

    /// <summary>Finds and inspects a model file; returns why it cannot be loaded, or null.</summary>
    private string? TryInspect(string? path, out string? file, out ModelFileFacts? facts)
    {
        file = null;
        facts = null;
        try
        {
            file = ModelFileLocator.Locate(path);
            facts = models.Inspect(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or ModelFileException)
        {
            return e.Message;
        }
    }

    private ManagementReply Refuse(string message, ManagementReplyData? data = null)
    {
        logger.CommandRefused(message);
        return new ManagementReply { Status = ManagementReply.ErrorStatus, Message = message, Data = data };
    }

    private static LoadKey? KeyOf(ManagementCommand command) =>
        command is { ResponseChannelId: { } channel, LoadId: { } loadId } ? new LoadKey(channel, loadId) : null;

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static JsonElement FormatterConfig(string modelType)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("model_type", modelType);
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(json.WrittenMemory);
        return document.RootElement.Clone();
    }
}
