using Orchard.Engine;
using Orchard.Formatting;
using Orchard.Protocol.Messages;

namespace Orchard.Models;

/// <summary>Has models loaded by whatever engine process is current, starting one when there is none.</summary>
internal sealed class EngineModelActivator(SingleFlight<EngineSession> sessions, TimeProvider time) : IModelActivator
{
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(2);

    public bool IsCurrent(ReadyModel model) => model is { IsDiscarded: false, Session.IsClosed: false };

    public async Task<ReadyModel> ActivateAsync(ResolvedModel model, Action<ModelLoadProgress> report, CancellationToken cancellationToken)
    {
        report(new ModelLoadProgress { Phase = ModelLoadPhase.Connecting });
        EngineSession session = await sessions.GetAsync(cancellationToken).ConfigureAwait(false);
        var activating = new ModelLoadProgress { Phase = ModelLoadPhase.Activating, TotalBytes = model.FileBytes };
        report(activating);

        using LoadOutcomes.Watch watch = session.Loads.Begin(
            model.CanonicalId, fraction => report(activating with { Fraction = fraction, LoadedBytes = (long?)(model.FileBytes * fraction) }));
        ulong loadId = session.NextRequestId();
        LoadedModel? loaded;
        try
        {
            loaded = await LoadAsync(session, model, loadId, watch, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await CancelLoadAsync(session, model, loadId, watch).ConfigureAwait(false);
            throw;
        }

        return new ReadyModel(Describe(model, loaded?.Facts), session, ChatFormatter.For(loaded?.Facts));
    }

    public async Task<bool> TryUnloadAsync(ResolvedModel model, ReadyModel ready, CancellationToken cancellationToken)
    {
        try
        {
            ManagementReply reply = await ready.Session.CommandAsync(
                new ManagementCommand { Type = ManagementCommand.UnloadModel, CanonicalId = model.CanonicalId }, cancellationToken).ConfigureAwait(false);
            return reply switch
            {
                { IsOk: true } => true,
                { ErrorCode: ErrorCode.ModelInUse } => false,
                _ => throw new RequestRejectedException($"The engine did not unload the model '{model.RequestedId}': {reply.Message}", reply.ErrorCode),
            };
        }
        catch (EngineDiedException)
        {
            return true;
        }
    }

    private static async Task<LoadedModel?> LoadAsync(
        EngineSession session, ResolvedModel model, ulong loadId, LoadOutcomes.Watch watch, CancellationToken cancellationToken)
    {
        ManagementReply reply = await session.CommandAsync(
            new ManagementCommand
            {
                Type = ManagementCommand.LoadModel,
                RequestedId = model.RequestedId,
                CanonicalId = model.CanonicalId,
                ModelPath = model.Path,
                WaitForCompletion = session.IsOrchardEngine,
                ResponseChannelId = session.ChannelId,
                LoadId = loadId,
            },
            cancellationToken).ConfigureAwait(false);

        if (reply.IsOk)
        {
            return reply.Data?.LoadModel;
        }

        if (!reply.IsAccepted)
        {
            throw Failed(model, reply.Message);
        }

        LoadOutcomes.Outcome outcome = await watch.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return outcome.Error is null ? outcome.Model : throw Failed(model, outcome.Error);
    }

    // Best effort: the engine drops the load anyway when its last client is gone.
    private async Task CancelLoadAsync(EngineSession session, ResolvedModel model, ulong loadId, LoadOutcomes.Watch watch)
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
                // The event that ends this load names the model but not the attempt: the next attempt must not take it for its own.
                await watch.Task.WaitAsync(timeout.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OrchardException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private static ModelLoadException Failed(ResolvedModel model, string? reason) =>
        new(model.RequestedId, $"The engine could not load the model '{model.RequestedId}' from '{model.Path}': {reason ?? "it gave no reason"}");

    private static ModelInfo Describe(ResolvedModel model, ModelFacts? facts) =>
        new()
        {
            Id = model.CanonicalId,
            Path = model.Path,
            Architecture = facts?.Architecture,
            ParameterCount = facts?.ParameterCount,
            ContextLength = facts?.ContextLength,
            FileBytes = facts?.FileBytes,
        };
}
