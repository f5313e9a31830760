using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Orchard.Protocol.Sockets;

/// <summary>
/// One connection of any of the six protocols: header exchange, frames in, frames out, and the one reason why it ended. Writing is
/// thread-safe; <see cref="NegotiateAsync"/> and then <see cref="ReadAsync"/> are called once, by the owner.
/// </summary>
/// <remarks>The stream must honour cancellation tokens while it reads and writes.</remarks>
internal sealed class SpConnection : IAsyncDisposable
{
    private const int ReadBufferBytes = 64 * 1024;

    // Up to here a message is copied behind its frame header and leaves in one write; the rest of a longer one is not copied.
    private const int MaxHeadBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly PipeReader _reader;
    private readonly SpProtocol _protocol;
    private readonly SpOptions _options;
    private readonly CancellationTokenRegistration _cancellation;

    // Never disposed: it owns no timer or handle, and a Close may still be on its way when the connection is disposed.
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<ConnectionEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <param name="stream">Owned from here on.</param>
    /// <param name="protocol">Our side's protocol.</param>
    /// <param name="options">Limits.</param>
    /// <param name="cancellationToken">Closes the connection as disposed, at any time in its life.</param>
    public SpConnection(Stream stream, SpProtocol protocol, SpOptions options, CancellationToken cancellationToken)
    {
        _stream = stream;
        _protocol = protocol;
        _options = options;
        _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBufferBytes, leaveOpen: true));
        _cancellation = cancellationToken.UnsafeRegister(
            static state => ((SpConnection)state!).Close(new ConnectionEnd(ConnectionEndReason.Disposed)), this);
    }

    /// <summary>Signalled when the connection begins to end. No more can be sent.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Completes, never faults, with the first reason to end.</summary>
    public Task<ConnectionEnd> Ended => _end.Task;

    /// <summary>The connecting side's way in: exchanges headers, or disposes the stream and throws.</summary>
    /// <exception cref="WireException">The peer speaks something else.</exception>
    /// <exception cref="IOException">The peer went away, or sent no header within <see cref="SpOptions.NegotiationTimeout"/>.</exception>
    public static async Task<SpConnection> OpenAsync(
        Stream stream, SpProtocol protocol, SpOptions options, CancellationToken cancellationToken)
    {
        var connection = new SpConnection(stream, protocol, options, cancellationToken);
        try
        {
            ConnectionEnd? end = await connection.NegotiateAsync().ConfigureAwait(false);

            // From here on the token no longer matters; what it did until here does.
            await connection._cancellation.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return end switch
            {
                null => connection,
                { Error: WireException error } => throw error,
                _ => throw new IOException($"The header exchange with the {SpHeader.PeerOf(protocol)} peer failed ({end}).", end.Value.Error),
            };
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends our header, then reads and verifies the peer's. Never throws.</summary>
    /// <returns>Null when both sides may talk; else why the connection is over.</returns>
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

    /// <summary>Hands every message to <paramref name="onMessage"/>, one after the other, until the connection is over. Never throws.</summary>
    public async Task<ConnectionEnd> ReadAsync(SpMessageHandler onMessage)
    {
        Close(await ReadLoopAsync(onMessage).ConfigureAwait(false));
        return await Ended.ConfigureAwait(false);
    }

    /// <summary>Reads as <see cref="ReadAsync"/> does, then disposes the connection. For sockets that own one connection for life.</summary>
    public async Task<ConnectionEnd> RunAsync(SpMessageHandler onMessage)
    {
        ConnectionEnd end = await ReadAsync(onMessage).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
        return end;
    }

    /// <summary>Sends one message made of the protocol's own words and a body.</summary>
    /// <param name="prefix">Request id or backtrace; a few bytes, or none.</param>
    /// <param name="body">Must stay unchanged until the task completes.</param>
    /// <param name="cancellationToken">Counts until the first byte is written.</param>
    /// <exception cref="ArgumentException">The message is above <see cref="SpOptions.MaxMessageBytes"/>. Nothing was sent.</exception>
    /// <exception cref="ConnectionClosedException">The connection is over; how much of the message the peer got is unknown.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> prefix, ReadOnlySequence<byte> body, CancellationToken cancellationToken)
    {
        long length = prefix.Length + body.Length;
        ThrowIfTooLong(length, _options);
        int headLength = (int)Math.Min(SpFrame.HeaderLength + length, MaxHeadBytes);
        byte[] head = ArrayPool<byte>.Shared.Rent(headLength);
        try
        {
            SpFrame.WriteHeader(head, length);
            prefix.CopyTo(head.AsMemory(SpFrame.HeaderLength));
            int bodyStart = SpFrame.HeaderLength + prefix.Length;
            ReadOnlySequence<byte> copied = body.Slice(0, headLength - bodyStart);
            copied.CopyTo(head.AsSpan(bodyStart));
            await WriteAsync(head.AsMemory(0, headLength), body.Slice(copied.End), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(head);
        }
    }

    /// <summary>Sends bytes that are framed already. Only for a connection with no other sender.</summary>
    /// <exception cref="ConnectionClosedException">The connection is over.</exception>
    public ValueTask SendBytesAsync(ReadOnlySequence<byte> framed) => WriteAsync(default, framed, CancellationToken.None);

    /// <summary>Begins the end of the connection. The first reason wins; later ones are ignored.</summary>
    public void Close(ConnectionEnd end)
    {
        if (_end.TrySetResult(end))
        {
            _closing.Cancel();
        }
    }

    /// <summary>Closes as disposed unless there is an earlier reason, waits for a write under way to give up, and disposes the stream.</summary>
    public async ValueTask DisposeAsync()
    {
        await _cancellation.DisposeAsync().ConfigureAwait(false);
        Close(new ConnectionEnd(ConnectionEndReason.Disposed));
        await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await _reader.CompleteAsync().ConfigureAwait(false);
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // A last flush into a dead stream: the end already has its reason.
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <exception cref="ArgumentException">The peer, which has the same limits by default, would end the connection over it.</exception>
    public static void ThrowIfTooLong(long length, SpOptions options)
    {
        if (length > options.MaxMessageBytes)
        {
            throw new ArgumentException($"The message has {length} bytes; the limit is {options.MaxMessageBytes}.");
        }
    }

    private async Task<ConnectionEnd> ReadLoopAsync(SpMessageHandler onMessage)
    {
        bool insideMessage = false;
        bool handling = false;
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
                if (result.IsCompleted)
                {
                    return EndOfStream(buffer.Length, "message");
                }

                // Consumed up to the incomplete message, examined to the end: the next read waits for bytes we have not seen.
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
        // When the connection ends, the writer inside gives up and each one waiting here comes through in turn and finds it closed.
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Closing.ThrowIfCancellationRequested();
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
        catch (Exception e)
        {
            // A frame may be half written: nothing can follow it. When the connection was closing, its own reason is the first.
            Close(Failed(e, insideMessage: false));
            throw new ConnectionClosedException(await Ended.ConfigureAwait(false));
        }
        finally
        {
            _writing.Release();
        }
    }

    private static ConnectionEnd EndOfStream(long unfinishedBytes, string unit) => unfinishedBytes == 0
        ? new ConnectionEnd(ConnectionEndReason.PeerClosed)
        : new ConnectionEnd(
            ConnectionEndReason.Torn, new EndOfStreamException($"The peer closed the connection {unfinishedBytes} bytes into a {unit}."));

    // A reset or a broken pipe is how the kernel reports a peer that closed before it had read all we sent.
    private static ConnectionEnd Failed(Exception error, bool insideMessage) =>
        error is IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } }
            ? new ConnectionEnd(insideMessage ? ConnectionEndReason.Torn : ConnectionEndReason.PeerClosed, error)
            : new ConnectionEnd(ConnectionEndReason.Faulted, error);
}
