using Orchard.Protocol.Sockets;

namespace Orchard.Benchmarks.Demux;

/// <summary>
/// The engine's end of one connection, played from memory: the header at once, then, when told to, the same bytes many times over as
/// fast as they are read. What is written to it vanishes.
/// </summary>
/// <param name="peer">The protocol that the engine speaks on this connection.</param>
internal sealed class ReplayStream(SpProtocol peer) : Stream
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _exhausted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReadOnlyMemory<byte> _rest = SpHeader.Encode(peer);
    private ReadOnlyMemory<byte> _block;
    private int _repeats;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Plays the block so many times; completes when the reader comes back for more, having dealt with all of it.</summary>
    public Task PlayAsync(ReadOnlyMemory<byte> block, int repeats)
    {
        _block = block;
        _repeats = repeats;
        _started.TrySetResult();
        return _exhausted.Task;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty && _repeats == 0)
        {
            if (_started.Task.IsCompleted)
            {
                _exhausted.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            await _started.Task.WaitAsync(cancellationToken);
        }

        if (_rest.IsEmpty)
        {
            _rest = _block;
            _repeats--;
        }

        int length = Math.Min(_rest.Length, buffer.Length);
        _rest[..length].CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count)
    {
    }
}
