using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Models;

/// <summary>A command about a loaded model's vocabulary. Made again once when the engine has let go of the model, or died.</summary>
/// <param name="models">Where the model is made ready.</param>
/// <param name="replay">Whether the command is sent again when the engine dies.</param>
internal sealed class TokenCommand(ModelRegistry models, bool replay)
{
    /// <param name="model">Which model.</param>
    /// <param name="create">The command for the ready model.</param>
    /// <param name="read">What is asked for, in the reply.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<T> RunAsync<T>(
        string model, Func<ReadyModel, ManagementCommand> create, Func<ManagementReplyData, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        bool mayReload = true;
        bool mayReplay = replay;
        while (true)
        {
            using ModelLease lease = await models.AcquireAsync(model, cancellationToken).ConfigureAwait(false);
            ManagementReply reply;
            try
            {
                reply = await lease.Model.Session.CommandAsync(create(lease.Model), cancellationToken).ConfigureAwait(false);
            }
            catch (EngineDiedException) when (mayReplay && !cancellationToken.IsCancellationRequested)
            {
                mayReplay = false;
                continue;
            }

            if (mayReload && reply.ErrorCode == ErrorCode.ModelNotLoaded)
            {
                mayReload = false;
                lease.Model.Discard();
                continue;
            }

            return reply switch
            {
                { IsOk: true, Data: { } data } when read(data) is { } result => result,
                { IsOk: true } => throw new ProtocolException("The engine's reply lacks what was asked for."),
                _ => throw new RequestRejectedException($"The engine refused the request to '{lease.Model.Info.Path}': {reply.Message}", reply.ErrorCode),
            };
        }
    }
}
