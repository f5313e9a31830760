using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>Owns a native object, which is freed when the handle is disposed and no longer borrowed.</summary>
internal abstract class LlamaHandle : SafeHandle
{
    private volatile bool _isReleased;

    protected LlamaHandle(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    /// <summary>
    /// Whether the native object is freed. Differs from <see cref="SafeHandle.IsClosed"/> while a child object or a call still borrows it.
    /// </summary>
    public bool IsReleased => _isReleased;

    protected sealed override bool ReleaseHandle()
    {
        Free(handle);
        _isReleased = true;
        return true;
    }

    protected abstract void Free(nint native);

    /// <summary>Keeps the native object alive until the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    protected Borrowed Borrow() => new(this);

    protected readonly ref struct Borrowed
    {
        private readonly LlamaHandle _owner;

        public Borrowed(LlamaHandle owner)
        {
            bool added = false;
            owner.DangerousAddRef(ref added);
            _owner = owner;
        }

        public void Dispose() => _owner.DangerousRelease();
    }
}
