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

    // Of loads by other clients that a command waits for.
    private const int MaxAttempts = 4;

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

        LoadCommand load;
        try
        {
            load = new LoadCommand(file!)
            {
                Key = KeyOf(command),
                Channel = command.ResponseChannelId ?? 0,
                AnswersAtEnd = command.WaitForCompletion ?? false,
                Options = LoadOptionsReader.Read(command.Extensions),
            };
        }
        catch (ArgumentException e)
        {
            return Replies.Refuse(e.Message, ErrorCode.InvalidRequest);
        }

        return await LoadAsync(id, NonEmpty(command.RequestedId) ?? id, load, cancellationToken).ConfigureAwait(false);
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

    private async ValueTask<ManagementReply> LoadAsync(
        string id, string requestedId, LoadCommand load, CancellationToken cancellationToken)
    {
        // A load that another client has started may end with settings that do not suit this one.
        for (int attempts = 0; ; attempts++)
        {
            LoadTicket ticket = models.Load(id, requestedId, load);
            if (ticket.Refusal is { } refusal)
            {
                return Replies.Refuse(refusal, ticket.RefusalCode);
            }

            if (ticket.Loaded is { } present)
            {
                return Loaded(present);
            }

            if (!load.AnswersAtEnd)
            {
                return Replies.Accepted;
            }

            LoadOutcome outcome = await WaitAsync(id, load.Key, ticket.Outcome!, cancellationToken).ConfigureAwait(false);
            if (outcome.Model is not { } model)
            {
                return Replies.Refuse(outcome.Error!, outcome.ErrorCode);
            }

            if (attempts == MaxAttempts || model.Settings.ConflictWith(load.Options.Settings) is null)
            {
                return Loaded(model);
            }
        }
    }

    private async Task<LoadOutcome> WaitAsync(string id, LoadKey? key, Task<LoadOutcome> outcome, CancellationToken cancellationToken)
    {
        try
        {
            return await outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
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
