using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>Memory outside of the garbage collector's heap, with any content at first. Not thread-safe.</summary>
internal unsafe class NativeBuffer : SafeHandle
{
    /// <param name="bytes">Size in bytes.</param>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public NativeBuffer(long bytes)
        : base(0, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Length = bytes;
        SetHandle((nint)NativeMemory.Alloc((nuint)bytes));
    }

    /// <summary>Size in bytes.</summary>
    public long Length { get; }

    /// <summary>Copies numbers.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public static NativeBuffer CopyOf(ReadOnlySpan<float> numbers)
    {
        var copy = new NativeBuffer(sizeof(float) * (long)numbers.Length);
        numbers.CopyTo(new Span<float>((void*)copy.handle, numbers.Length));
        return copy;
    }

    public sealed override bool IsInvalid => handle == 0;

    /// <summary>Returns a part, which is valid until the buffer is disposed.</summary>
    public Span<byte> Slice(long start, int length)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new Span<byte>((byte*)handle + start, length);
    }

    protected sealed override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
