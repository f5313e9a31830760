using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Calls.Tokens;

/// <summary>Sends a management command about a loaded model's vocabulary and reads its reply.</summary>
/// <param name="attempts">Loads the model, and repeats the command.</param>
internal sealed class TokenCommand(ModelAttempts attempts)
{
    /// <param name="model">The model, as the caller named it.</param>
    /// <param name="create">Creates the command for the loaded model.</param>
    /// <param name="read">Returns the result from the reply's data; null when it is not there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ProtocolException">The reply has no result.</exception>
    /// <exception cref="RequestRejectedException">The engine refused the command.</exception>
    public Task<T> RunAsync<T>(
        string model, Func<ReadyModel, ManagementCommand> create, Func<ManagementReplyData, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        return attempts.RunAsync<T>(model, SendAsync, cancellationToken);

        async Task<T?> SendAsync(ModelLease lease, bool mayReload, CancellationToken cancellation)
        {
            using ModelLease held = lease;
            ManagementReply reply = await lease.Model.Session.CommandAsync(create(lease.Model), cancellation).ConfigureAwait(false);
            return reply switch
            {
                { IsOk: true, Data: { } data } when read(data) is { } result => result,
                { IsOk: true } => throw new ProtocolException("The engine's reply has no result."),
                { ErrorCode: ErrorCode.ModelNotLoaded } when mayReload => null,
                _ => throw new RequestRejectedException(
                    $"The engine refused the request to '{lease.Model.Info.Path}': {reply.Message}", reply.ErrorCode),
            };
        }
    }
}
