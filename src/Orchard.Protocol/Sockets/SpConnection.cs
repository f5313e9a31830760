using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Orchard.Protocol.Sockets;

/// <summary>
/// One connection of any of the six protocols: header exchange, reading and writing of frames, and the reason why it ended. Writing is
/// thread-safe. The owner calls <see cref="NegotiateAsync"/> once and then <see cref="ReadAsync"/> once.
/// </summary>
/// <remarks>The stream must support cancellation of reads and writes.</remarks>
internal sealed class SpConnection : IAsyncDisposable
{
    private const int ReadBufferBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly PipeReader _reader;
    private readonly SpProtocol _protocol;
    private readonly SpOptions _options;
    private readonly CancellationTokenRegistration _cancellation;

    // Never disposed: it owns no timer or handle, and Close may still run when the connection is disposed.
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<ConnectionEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _gate = new();
    private bool _isReading; // guarded by _gate
    private bool _isDisposed; // guarded by _gate

    /// <param name="stream">Owned from here on.</param>
    /// <param name="protocol">The protocol of this side.</param>
    /// <param name="options">Limits.</param>
    /// <param name="cancellationToken">Closes the connection as disposed, at any time.</param>
    public SpConnection(Stream stream, SpProtocol protocol, SpOptions options, CancellationToken cancellationToken)
    {
        _stream = stream;
        _protocol = protocol;
        _options = options;
        _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBufferBytes, leaveOpen: true));
        _cancellation = cancellationToken.UnsafeRegister(
            static state => ((SpConnection)state!).Close(new ConnectionEnd(ConnectionEndReason.Disposed)), this);
    }

    /// <summary>The process at the other end.</summary>
    public PeerProcess Peer => (_stream as UnixSocketStream)?.Peer ?? PeerProcess.Unreported;

    /// <summary>Cancelled when the connection begins to close. From then on nothing can be sent.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Completes with the first reason for closing. Never faults.</summary>
    public Task<ConnectionEnd> Ended => _end.Task;

    /// <summary>Exchanges headers for the connecting side. Disposes the stream on failure.</summary>
    /// <exception cref="WireException">The peer uses another protocol.</exception>
    /// <exception cref="IOException">
    /// The peer disconnected, or sent no header within <see cref="SpOptions.NegotiationTimeout"/>.
    /// </exception>
    public static async Task<SpConnection> OpenAsync(
        Stream stream, SpProtocol protocol, SpOptions options, CancellationToken cancellationToken)
    {
        var connection = new SpConnection(stream, protocol, options, cancellationToken);
        try
        {
            ConnectionEnd? end = await connection.NegotiateAsync().ConfigureAwait(false);

            // The token applies only to opening the connection.
            await connection._cancellation.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return end switch
            {
                null => connection,
                { Error: WireException error } => throw error,
                _ => throw new IOException(
                    $"The header exchange with the {SpHeader.PeerOf(protocol)} peer failed ({end}).", end.Value.Error),
            };
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends this side's header, then reads and verifies the peer's header. Never throws.</summary>
    /// <returns>Null on success, otherwise the reason why the connection has ended.</returns>
    public async Task<ConnectionEnd?> NegotiateAsync()
    {
        using var timeout = new CancellationTokenSource(_options.NegotiationTimeout, _options.TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, Closing);
        ConnectionEnd end;
        try
        {
            await _stream.WriteAsync(SpHeader.Encode(_protocol), limit.Token).ConfigureAwait(false);
            await _stream.FlushAsync(limit.Token).ConfigureAwait(false);
            ReadResult result = await _reader.ReadAtLeastAsync(SpHeader.Length, limit.Token).ConfigureAwait(false);
            if (result.Buffer.Length >= SpHeader.Length)
            {
                ReadOnlySequence<byte> header = result.Buffer.Slice(0, SpHeader.Length);
                SpHeader.Verify(header.ToArray(), _protocol);
                _reader.AdvanceTo(header.End);
                return null;
            }

            end = EndOfStream(result.Buffer.Length, "connection header");
        }
        catch (OperationCanceledException) when (Closing.IsCancellationRequested)
        {
            return await Ended.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            end = new ConnectionEnd(
                ConnectionEndReason.Violated,
                new TimeoutException($"The peer sent no connection header within {_options.NegotiationTimeout.TotalSeconds} s."));
        }
        catch (WireException e)
        {
            end = new ConnectionEnd(ConnectionEndReason.Violated, e);
        }
        catch (Exception e)
        {
            end = Failed(e, insideMessage: false);
        }

        Close(end);
        return await Ended.ConfigureAwait(false);
    }

    /// <summary>Passes every message to <paramref name="onMessage"/>, one at a time, until the connection ends. Never throws.</summary>
    public async Task<ConnectionEnd> ReadAsync(SpMessageHandler onMessage)
    {
        if (TryBeginReading())
        {
            Close(await ReadLoopAsync(onMessage).ConfigureAwait(false));
            EndReading();
        }

        return await Ended.ConfigureAwait(false);
    }

    /// <summary>Calls <see cref="ReadAsync"/>, then disposes the connection. For sockets with exactly one connection.</summary>
    public async Task<ConnectionEnd> RunAsync(SpMessageHandler onMessage)
    {
        ConnectionEnd end = await ReadAsync(onMessage).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
        return end;
    }

    /// <summary>Sends one message that consists of the protocol's prefix and a body. Neither is copied.</summary>
    /// <param name="prefix">Request id or backtrace: a few bytes, or none.</param>
    /// <param name="body">Must stay unchanged until the task completes.</param>
    /// <param name="cancellationToken">Ignored once the first byte has been written.</param>
    /// <exception cref="ArgumentException">
    /// The message is longer than <see cref="SpOptions.MaxMessageBytes"/>. Nothing was sent.
    /// </exception>
    /// <exception cref="ConnectionClosedException">
    /// The connection has ended. How much of the message the peer received is unknown.
    /// </exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> prefix, ReadOnlySequence<byte> body, CancellationToken cancellationToken)
    {
        long length = prefix.Length + body.Length;
        ThrowIfTooLong(length, _options);
        int headLength = SpFrame.HeaderLength + prefix.Length;
        byte[] head = ArrayPool<byte>.Shared.Rent(headLength);
        try
        {
            SpFrame.WriteHeader(head, length);
            prefix.CopyTo(head.AsMemory(SpFrame.HeaderLength));
            await WriteAsync(head.AsMemory(0, headLength), body, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(head);
        }
    }

    /// <summary>Sends bytes that already contain their frame headers. Only for a connection with a single sender.</summary>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    public ValueTask SendBytesAsync(ReadOnlySequence<byte> framed) => WriteAsync(default, framed, CancellationToken.None);

    /// <summary>Begins closing the connection. Only the first reason counts.</summary>
    public void Close(ConnectionEnd end)
    {
        if (_end.TrySetResult(end))
        {
            _closing.Cancel();
        }
    }

    /// <summary>
    /// Closes the connection as disposed unless it is closing already, waits for an active write to stop, and disposes the stream.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _cancellation.DisposeAsync().ConfigureAwait(false);
        Close(new ConnectionEnd(ConnectionEndReason.Disposed));
        await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (Abandon())
            {
                await _reader.CompleteAsync().ConfigureAwait(false);
            }

            await _stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The final flush failed. The reason for closing is already recorded.
        }
        finally
        {
            _writing.Release();
        }
    }

    // The reader's buffers go back to a pool that others take them from. While a handler reads a message in them, or the stream may still
    // write to them, they belong to the read loop, which then gives them back itself.
    private bool TryBeginReading()
    {
        lock (_gate)
        {
            return _isReading = !_isDisposed;
        }
    }

    private void EndReading()
    {
        lock (_gate)
        {
            _isReading = false;
            if (!_isDisposed)
            {
                return;
            }
        }

        _reader.Complete();
    }

    // Whether nothing reads, so that the caller gives the buffers back.
    private bool Abandon()
    {
        lock (_gate)
        {
            bool isFirst = !_isDisposed;
            _isDisposed = true;
            return isFirst && !_isReading;
        }
    }

    /// <exception cref="ArgumentException">The message is too long; a peer with the same limit would close the connection.</exception>
    public static void ThrowIfTooLong(long length, SpOptions options)
    {
        if (length > options.MaxMessageBytes)
        {
            throw new ArgumentException($"The message is {length} bytes long; the limit is {options.MaxMessageBytes}.");
        }
    }

    private async Task<ConnectionEnd> ReadLoopAsync(SpMessageHandler onMessage)
    {
        bool insideMessage = false;
        bool handling = false;
        using ReceiveBudget.Share? share = _options.ReceiveBudget?.Open(Close);
        try
        {
            while (true)
            {
                ReadResult result = await _reader.ReadAsync(Closing).ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = result.Buffer;
                while (SpFrame.TryRead(ref buffer, _options.MaxMessageBytes, out ReadOnlySequence<byte> message))
                {
                    Closing.ThrowIfCancellationRequested();
                    handling = true;
                    await onMessage(message).ConfigureAwait(false);
                    handling = false;
                }

                insideMessage = !buffer.IsEmpty;
                share?.Set(buffer.Length > ReadBufferBytes ? buffer.Length : 0);
                if (result.IsCompleted)
                {
                    return EndOfStream(buffer.Length, "message");
                }

                // Consumed up to the incomplete message and examined to the end, so that the next read waits for new bytes.
                _reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (OperationCanceledException) when (Closing.IsCancellationRequested)
        {
            return await Ended.ConfigureAwait(false);
        }
        catch (WireException e)
        {
            return new ConnectionEnd(ConnectionEndReason.Violated, e);
        }
        catch (Exception e)
        {
            return handling ? new ConnectionEnd(ConnectionEndReason.Faulted, e) : Failed(e, insideMessage);
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> head, ReadOnlySequence<byte> rest, CancellationToken cancellationToken)
    {
        // When the connection closes, the active writer stops, and each waiting writer enters in turn and fails.
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Closing.ThrowIfCancellationRequested();
            if (_stream is UnixSocketStream socket && !(head.IsEmpty && rest.IsSingleSegment))
            {
                await socket.GatherAsync(head, rest, Closing).ConfigureAwait(false);
            }
            else
            {
                await WriteSegmentsAsync(head, rest).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // A frame may be half written, so nothing can follow it. If the connection was closing already, its first reason stays.
            Close(Failed(e, insideMessage: false));
            throw new ConnectionClosedException(await Ended.ConfigureAwait(false));
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask WriteSegmentsAsync(ReadOnlyMemory<byte> head, ReadOnlySequence<byte> rest)
    {
        if (!head.IsEmpty)
        {
            await _stream.WriteAsync(head, Closing).ConfigureAwait(false);
        }

        foreach (ReadOnlyMemory<byte> segment in rest)
        {
            await _stream.WriteAsync(segment, Closing).ConfigureAwait(false);
        }

        await _stream.FlushAsync(Closing).ConfigureAwait(false);
    }

    private static ConnectionEnd EndOfStream(long unfinishedBytes, string unit) => unfinishedBytes == 0
        ? new ConnectionEnd(ConnectionEndReason.PeerClosed)
        : new ConnectionEnd(
            ConnectionEndReason.Torn, new EndOfStreamException($"The peer closed the connection {unfinishedBytes} bytes into a {unit}."));

    // The kernel reports a reset or a broken pipe if the peer closed before it had read everything that was sent.
    private static ConnectionEnd Failed(Exception error, bool insideMessage) =>
        error is IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } }
            ? new ConnectionEnd(insideMessage ? ConnectionEndReason.Torn : ConnectionEndReason.PeerClosed, error)
            : new ConnectionEnd(ConnectionEndReason.Faulted, error);
}
