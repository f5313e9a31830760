using System.Runtime.InteropServices;
using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Media;

/// <summary>
/// Embeddings of the tokens of a chunk, outside of the garbage collector's heap. Whoever creates or holds them releases them; the memory is
/// freed when nobody holds them any more. Thread-safe.
/// </summary>
/// <param name="memory">The numbers of all embeddings, one embedding after another. Owned.</param>
internal sealed class MediaEmbeddings(NativeBuffer memory)
{
    private int _holders = 1;

    /// <summary>How many numbers they are, all together.</summary>
    public long Length { get; } = memory.Length / sizeof(float);

    /// <summary>Whether the memory was freed.</summary>
    public bool IsFreed => Volatile.Read(ref _holders) == 0;

    /// <summary>The memory, which is valid as long as somebody holds it.</summary>
    public NativeBuffer Memory => memory;

    /// <summary>Copies numbers.</summary>
    public static MediaEmbeddings Of(ReadOnlySpan<float> numbers) => new(NativeBuffer.CopyOf(numbers));

    /// <summary>Keeps the memory until <see cref="Release"/> is called.</summary>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    public void Hold()
    {
        int holders = Volatile.Read(ref _holders);
        while (true)
        {
            ObjectDisposedException.ThrowIf(holders == 0, this);
            int found = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (found == holders)
            {
                return;
            }

            holders = found;
        }
    }

    /// <summary>Ends one hold. Call once for each.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            memory.Dispose();
        }
    }

    /// <summary>Copies all numbers.</summary>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    public float[] ToArray()
    {
        Hold();
        try
        {
            return MemoryMarshal.Cast<byte, float>(memory.Slice(0, checked((int)memory.Length))).ToArray();
        }
        finally
        {
            Release();
        }
    }
}
