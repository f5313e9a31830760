using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchard.Concurrency;
using Orchard.Connection;
using Orchard.Formatting;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Models;

/// <summary>Loads and unloads models in the current engine process, starting one if necessary.</summary>
/// <param name="sessions">The connection.</param>
/// <param name="resolver">Finds draft models.</param>
/// <param name="usesMemoryMap">Whether model files are mapped into memory.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class EngineModelActivator(
    SingleFlight<EngineSession> sessions, ModelResolver resolver, bool usesMemoryMap, TimeProvider time, ILogger logger) : IModelActivator
{
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, bool> _withoutTemplate = new(ModelResolver.IdComparer);

    public bool IsCurrent(ReadyModel model) => model is { IsDiscarded: false, Session.IsClosed: false };

    public async Task<ReadyModel> ActivateAsync(ResolvedModel model, Action<ModelLoadProgress> report, CancellationToken cancellationToken)
    {
        model = model with { DraftPath = await FindDraftAsync(model, report, cancellationToken).ConfigureAwait(false) };
        report(new ModelLoadProgress { Phase = ModelLoadPhase.Connecting });
        EngineSession session = await sessions.GetAsync(cancellationToken).ConfigureAwait(false);
        var loading = new ModelLoadProgress { Phase = ModelLoadPhase.Loading, TotalBytes = model.FileBytes };
        report(loading);

        LoadedModel? loaded = await LoadAsync(
            session,
            model,
            fraction => report(loading with { Fraction = fraction, LoadedBytes = (long?)(model.FileBytes * fraction) }),
            cancellationToken).ConfigureAwait(false);
        ChatFormatter formatter = ChatFormatter.For(loaded?.Facts, time, shown => LogGeneralToolCalls(model.Path, shown));
        if (formatter.Templates.IsFallback && _withoutTemplate.TryAdd(model.CanonicalId, true))
        {
            LogNoChatTemplate(model.Path);
        }

        return new ReadyModel(Describe(model, loaded?.Facts, formatter), session, formatter) { Options = model.Options };
    }

    public async Task<bool> TryUnloadAsync(ResolvedModel model, ReadyModel ready, CancellationToken cancellationToken)
    {
        try
        {
            ManagementReply reply = await ready.Session.CommandAsync(
                new ManagementCommand { Type = ManagementCommand.UnloadModel, CanonicalId = model.CanonicalId },
                cancellationToken).ConfigureAwait(false);
            return reply switch
            {
                { IsOk: true } => true,
                { ErrorCode: ErrorCode.ModelInUse } => false,
                _ => throw new RequestRejectedException(
                    $"The engine did not unload the model '{model.RequestedId}': {reply.Message}", reply.ErrorCode),
            };
        }
        catch (EngineDiedException)
        {
            return true;
        }
    }

    private async Task<string?> FindDraftAsync(ResolvedModel model, Action<ModelLoadProgress> report, CancellationToken cancellationToken)
    {
        if (model.Options.DraftModel is not { } name)
        {
            return null;
        }

        try
        {
            ResolvedModel draft = resolver.Resolve(name)
                ?? await resolver.Hub!.FetchAsync(name, report, cancellationToken).ConfigureAwait(false);
            return draft.Path;
        }
        catch (OrchardException e)
        {
            throw new DraftModelException(
                model.RequestedId, name, $"The draft model of '{model.RequestedId}' cannot be used. {e.Message}", e);
        }
    }

    private async Task<LoadedModel?> LoadAsync(
        EngineSession session, ResolvedModel model, Action<double> onProgress, CancellationToken cancellationToken)
    {
        while (true)
        {
            using LoadWatches.Watch watch = session.Loads.Begin(model.CanonicalId, onProgress);
            ulong loadId = session.NextRequestId();
            try
            {
                LoadWatches.Outcome outcome = await session.WaitAsync(
                    $"the end of the load of '{model.Path}'",
                    session.IsOrchardEngine ? () => watch.Reports : () => session.Heartbeats.Count, // others may not report loads
                    token => SendLoadAsync(session, model, loadId, watch, token),
                    cancellationToken).ConfigureAwait(false);
                if (outcome.Error is null)
                {
                    return outcome.Model;
                }

                if (!session.Loads.TakeUnsettled(model.CanonicalId))
                {
                    throw LoadRequest.ToError(model, new LoadFailure(outcome.Error, outcome.ErrorCode));
                }
            }
            catch (Exception e) when (
                e is RequestStalledException || (e is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                await CancelLoadAsync(session, model, loadId, watch).ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task<LoadWatches.Outcome> SendLoadAsync(
        EngineSession session, ResolvedModel model, ulong loadId, LoadWatches.Watch watch, CancellationToken cancellationToken)
    {
        ManagementReply reply = await session.CommandWithoutLimitAsync(
            new ManagementCommand
            {
                Type = ManagementCommand.LoadModel,
                RequestedId = model.RequestedId,
                CanonicalId = model.CanonicalId,
                ModelPath = model.Path,
                WaitForCompletion = session.IsOrchardEngine,
                ResponseChannelId = session.ChannelId,
                LoadId = loadId,
                Extensions = session.IsOrchardEngine ? LoadRequest.Create(model, usesMemoryMap) : null,
            },
            cancellationToken).ConfigureAwait(false);
        return reply switch
        {
            { IsOk: true } => new LoadWatches.Outcome(reply.Data?.LoadModel, null),
            { IsAccepted: true } => await watch.Task.WaitAsync(cancellationToken).ConfigureAwait(false),
            _ => new LoadWatches.Outcome(null, reply.Message ?? "the engine gave no reason", reply.ErrorCode),
        };
    }

    // Best effort: the engine abandons the load anyway when its last client is gone.
    private async Task CancelLoadAsync(EngineSession session, ResolvedModel model, ulong loadId, LoadWatches.Watch watch)
    {
        using var timeout = new CancellationTokenSource(CancelTimeout, time);
        try
        {
            await session.CommandAsync(
                new ManagementCommand
                {
                    Type = ManagementCommand.CancelModelLoad,
                    RequestedId = model.RequestedId,
                    CanonicalId = model.CanonicalId,
                    ResponseChannelId = session.ChannelId,
                    LoadId = loadId,
                },
                timeout.Token).ConfigureAwait(false);
            if (!session.IsOrchardEngine)
            {
                // The event that ends this load names the model but not the attempt, so it could be mistaken for the next attempt's.
                await watch.Task.WaitAsync(timeout.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OrchardException or OperationCanceledException or ObjectDisposedException)
        {
            if (!session.IsOrchardEngine)
            {
                session.Loads.LeaveUnsettled(model.CanonicalId);
            }
        }
    }

    private static ModelInfo Describe(ResolvedModel model, ModelFacts? facts, ChatFormatter formatter) =>
        new()
        {
            Id = model.CanonicalId,
            Path = model.Path,
            Repository = model.Origin?.Repository,
            Revision = model.Origin?.Revision,
            File = model.Origin?.File,
            Sha256 = model.Origin?.Sha256,
            License = model.Origin?.License,
            Architecture = facts?.Architecture,
            ParameterCount = facts?.ParameterCount,
            ContextLength = facts?.ContextLength,
            ContextLimitedBy = Parse<ContextLimit>(facts?.ContextLimitedBy) ?? ContextLimit.Unknown,
            ParallelSequences = facts?.ParallelSequences,
            KeyCacheType = Parse<CacheType>(facts?.KeyCacheType),
            ValueCacheType = Parse<CacheType>(facts?.ValueCacheType),
            ReservedBytes = facts?.ReservedBytes,
            FileBytes = facts?.FileBytes,
            Quantization = facts?.Quantization,
            TrainedContextLength = facts?.TrainedContextLength,
            EmbeddingLength = facts?.EmbeddingLength,
            PassedSelfTest = facts?.PassedSelfTest,
            Devices = [.. (facts?.Devices ?? []).Where(static device => device is not null).Select(Describe)],
            Pooling = EmbeddingPoolingNames.Parse(facts?.Pooling),
            InputModalities = facts is null ? InputModalities.None : InputModalityNames.Parse(facts.InputModalities),
            Projector = facts?.Projector,
            ProjectorProblem = facts?.ProjectorProblem,
            DraftModel = facts?.DraftModel,
            RecommendedSampling = RecommendedSamplingReader.Read(facts?.Sampling),
            SpecialTokens = SpecialTokens(facts),
            ChatTemplate = new ChatTemplateInfo(formatter),
        };

    private static ModelPlacement Describe(ModelDevice device) =>
        new() { Device = device.Name, Layers = device.Layers, Bytes = device.Bytes };

    private static T? Parse<T>(string? name)
        where T : struct, Enum =>
        Enum.TryParse(name, ignoreCase: true, out T value) ? value : null;

    private static Dictionary<string, string> SpecialTokens(ModelFacts? facts)
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<KeyValuePair<string, string>> known = (facts?.SpecialTokens ?? [])
            .Append(new("bos_token", facts?.BeginToken!))
            .Append(new("eos_token", facts?.EndToken!));
        foreach ((string name, string? text) in known)
        {
            if (text is not null)
            {
                tokens[name] = text;
            }
        }

        return tokens;
    }

    [LoggerMessage(
        40,
        LogLevel.Warning,
        "The model {Path} has no known chat template; ChatML is used instead. Set GenerationOptions.ChatTemplate to use another template")]
    private partial void LogNoChatTemplate(string path);

    private void LogGeneralToolCalls(string path, TemplateToolCalls shown)
    {
        if (shown == TemplateToolCalls.Unknown)
        {
            LogUnknownToolCalls(path);
        }
        else
        {
            LogNoToolCalls(path);
        }
    }

    [LoggerMessage(
        41,
        LogLevel.Warning,
        "The chat template of the model {Path} shows tool calls in a form that is not understood. Tools are described in a general form, "
        + "which the model may not have been trained on")]
    private partial void LogUnknownToolCalls(string path);

    [LoggerMessage(
        42, LogLevel.Information, "The chat template of the model {Path} shows no tool calls. Tools are described in a general form")]
    private partial void LogNoToolCalls(string path);
}
