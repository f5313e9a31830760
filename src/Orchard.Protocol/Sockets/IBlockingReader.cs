namespace Orchard.Protocol.Sockets;

/// <summary>A stream that a thread can read by waiting in the kernel.</summary>
internal interface IBlockingReader
{
    /// <summary>Blocks until there are bytes or the stream has ended, and reads them. Returns their number.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled. The stream has ended.</exception>
    /// <exception cref="IOException">Reading failed.</exception>
    int WaitAndRead(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Calls <see cref="WaitAndRead"/>. The task has completed, and failed with what that throws.</summary>
    ValueTask<int> ReadBlockingAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult(WaitAndRead(buffer, cancellationToken));
        }
        catch (Exception e)
        {
            return ValueTask.FromException<int>(e);
        }
    }
}
