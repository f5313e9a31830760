namespace Orchard.Protocol.Sockets;

/// <summary>Receives every message of a PUB socket in order. The handler filters by topic.</summary>
internal sealed class SubSocket : IAsyncDisposable
{
    private readonly SpConnection _connection;

    private SubSocket(SpConnection connection, Task<ConnectionEnd> completion)
    {
        _connection = connection;
        Completion = completion;
    }

    /// <summary>Completes when the connection has ended and the handler has returned for the last time. Never faults.</summary>
    public Task<ConnectionEnd> Completion { get; }

    /// <summary>Exchanges headers over <paramref name="stream"/>, which the socket owns, and starts the read loop.</summary>
    /// <remarks>
    /// When this returns, the subscription of a <see cref="PubSocket"/> is active, and everything published from then on arrives. Other
    /// implementations of PUB may activate it a moment later.
    /// </remarks>
    /// <exception cref="WireException">The peer is not a PUB socket.</exception>
    /// <exception cref="IOException">The peer disconnected, or sent no header in time.</exception>
    public static async Task<SubSocket> OpenAsync(
        Stream stream, SpMessageHandler handler, SpOptions options, CancellationToken cancellationToken)
    {
        var opened = new TaskCompletionSource<SpConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<ConnectionEnd> completion = LeaderFollower.RunAsync(
            "Orchard SUB", () => RunAsync(stream, handler, options, opened, cancellationToken));
        return new SubSocket(await opened.Task.ConfigureAwait(false), completion);
    }

    /// <summary>Closes the connection and waits until the handler has returned. Must not be awaited in the handler.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.Close(new ConnectionEnd(ConnectionEndReason.Disposed));
        await Completion.ConfigureAwait(false);
    }

    // The header is read on a dedicated thread too: a socket once read on the thread pool wakes the runtime's polling thread with every
    // message.
    private static async Task<ConnectionEnd> RunAsync(
        Stream stream,
        SpMessageHandler handler,
        SpOptions options,
        TaskCompletionSource<SpConnection> opened,
        CancellationToken cancellationToken)
    {
        SpConnection connection;
        try
        {
            connection = await SpConnection.OpenAsync(stream, SpProtocol.Sub, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            opened.SetException(e);
            return new ConnectionEnd(ConnectionEndReason.Faulted, e); // the caller of OpenAsync gets the exception
        }

        opened.SetResult(connection);
        return await connection.RunAsync(handler).ConfigureAwait(false);
    }
}
