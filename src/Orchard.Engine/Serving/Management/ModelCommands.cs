using System.Buffers;
using System.Text.Json;
using Orchard.Engine.Inference;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Serving.Management;

/// <summary>Commands that load, unload and inspect models. Thread-safe.</summary>
internal sealed class ModelCommands(LoadedModels models)
{
    // Ids are repeated in every heartbeat. The longest path of an operating system is shorter.
    private const int MaxIdLength = 8192;

    public async ValueTask<ManagementReply> LoadAsync(ManagementCommand command, CancellationToken cancellationToken)
    {
        if (IdOf(command) is not { } id)
        {
            return Replies.Refuse("load_model needs a canonical_id or a requested_id.");
        }

        if (Math.Max(id.Length, command.RequestedId?.Length ?? 0) is > MaxIdLength and var length)
        {
            return Replies.Refuse($"An id of the load_model command has {length} characters; the limit is {MaxIdLength}.");
        }

        if (TryInspect(command.ModelPath, out string? file, out _) is { } problem)
        {
            // Clients also use this command to check whether a model is loaded. A loaded model does not need its file any more.
            return models.Find(id)?.Model is { } present ? Loaded(present) : Replies.Refuse(problem);
        }

        bool waits = command.WaitForCompletion ?? false;
        LoadKey? key = KeyOf(command);
        bool mapsFile = command.Extensions?.UsesMemoryMap ?? true;
        LoadTicket ticket = models.Load(id, NonEmpty(command.RequestedId) ?? id, file!, key, waits, mapsFile);
        return ticket switch
        {
            { Refusal: { } refusal } => Replies.Refuse(refusal),
            { Loaded: { } loaded } => Loaded(loaded),
            _ when !waits => Replies.Accepted,
            _ => await WaitAsync(id, key, ticket.Outcome!, cancellationToken).ConfigureAwait(false),
        };
    }

    public ManagementReply CancelLoad(ManagementCommand command)
    {
        if (IdOf(command) is not { } id)
        {
            return Replies.Refuse("cancel_model_load needs a canonical_id or a requested_id.");
        }

        // A model that is not loading counts as cancelled: the load may have just ended, or the command may be a repetition.
        models.CancelLoad(id, KeyOf(command));
        return Replies.Ok;
    }

    public async ValueTask<ManagementReply> UnloadAsync(ManagementCommand command)
    {
        if (IdOf(command) is not { } id)
        {
            return Replies.Refuse("unload_model needs a canonical_id or a requested_id.");
        }

        return await models.TryUnloadAsync(id).ConfigureAwait(false)
            ? Replies.Ok
            : Replies.Refuse($"Model '{id}' is loading or in use; unload it when its last sequence has ended.", ErrorCode.ModelInUse);
    }

    public ManagementReply Inspect(ManagementCommand command)
    {
        if (TryInspect(command.ModelPath, out string? file, out ModelFileFacts? facts) is { } problem)
        {
            return Replies.Refuse(problem);
        }

        string modelType = PromptProfile.Of(facts!.Architecture, facts.ChatTemplate);
        return Replies.Ok with
        {
            Data = new ManagementReplyData
            {
                InspectModelSource = new ModelSource
                {
                    CanonicalId = ModelFileLocator.IdOf(file!),
                    ModelPath = file,
                    SourceFormat = "gguf",
                    Architecture = facts.Architecture,
                    ModelType = modelType,
                    FormatterConfig = FormatterConfig(modelType),
                },
            },
        };
    }

    private async ValueTask<ManagementReply> WaitAsync(
        string id, LoadKey? key, Task<LoadOutcome> outcome, CancellationToken cancellationToken)
    {
        try
        {
            LoadOutcome ended = await outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
            return ended.Model is { } model ? Loaded(model) : Replies.Refuse(ended.Error!);
        }
        catch (OperationCanceledException)
        {
            // The connection has ended, so its client no longer needs the model.
            models.CancelLoad(id, key);
            throw;
        }
    }

    /// <summary>Finds and inspects a model file. Returns why it cannot be loaded, or null.</summary>
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

    private static ManagementReply Loaded(LoadedModelHandle model) =>
        Replies.Ok with { Data = new ManagementReplyData { LoadModel = model.Description } };

    private static string? IdOf(ManagementCommand command) => NonEmpty(command.CanonicalId) ?? NonEmpty(command.RequestedId);

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
