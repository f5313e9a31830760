namespace Orchard.Protocol.Sockets;

/// <summary>A stream that a thread can read by waiting in the kernel.</summary>
internal interface IBlockingReader
{
    /// <summary>Blocks until there are bytes or the stream has ended, and reads them. Returns their number.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled. The stream has ended.</exception>
    /// <exception cref="IOException">Reading failed.</exception>
    int WaitAndRead(Memory<byte> buffer, CancellationToken cancellationToken);
}
