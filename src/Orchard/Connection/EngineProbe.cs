using System.Net.Sockets;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Sockets;

namespace Orchard.Connection;

/// <summary>Asks the engine of a namespace a question over a connection of its own.</summary>
internal static class EngineProbe
{
    /// <summary>
    /// Sends a command and returns the reply; null if nobody listens, the listener is another process, or the connection ends first.
    /// </summary>
    /// <param name="root">The namespace.</param>
    /// <param name="processId">The engine process; null if unknown.</param>
    /// <param name="command">The command.</param>
    /// <param name="time">Clock of the sockets.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static async Task<ManagementReply?> AskAsync(
        EngineRoot root, int? processId, ManagementCommand command, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            Stream stream = await UnixSocket.ConnectAsync(root.ManagementSocket, cancellationToken).ConfigureAwait(false);
            if (processId is not null && stream is UnixSocketStream { Peer.Id: { } listener } && listener != processId)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
                return null;
            }

            var options = new SpOptions { TimeProvider = time };
            ReqSocket management = await ReqSocket.OpenAsync(stream, options, cancellationToken).ConfigureAwait(false);
            await using (management.ConfigureAwait(false))
            {
                byte[] reply = await management.RequestAsync(ManagementJson.Encode(command), cancellationToken)
                    .WaitAsync(cancellationToken).ConfigureAwait(false);
                return ManagementJson.DecodeReply(reply);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or WireException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
