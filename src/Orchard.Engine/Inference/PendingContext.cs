using System.Runtime.ExceptionServices;
using Orchard.Engine.Native;

namespace Orchard.Engine.Inference;

/// <summary>A native context that is made on a thread of its own, since clearing a large KV cache takes seconds. Owned by one thread.</summary>
internal sealed class PendingContext
{
    private readonly Thread _thread;
    private LlamaContextHandle? _context;
    private ExceptionDispatchInfo? _failure;

    /// <param name="room">Tokens each of its sequences has room for.</param>
    /// <param name="create">Makes it, on that thread.</param>
    public PendingContext(int room, Func<int, LlamaContextHandle> create)
    {
        Room = room;
        _thread = new Thread(() => Make(create)) { Name = "KV cache", IsBackground = true };
        _thread.UnsafeStart();
    }

    public int Room { get; }

    public bool IsDone => !_thread.IsAlive;

    /// <summary>Waits for it, and hands it over.</summary>
    /// <exception cref="DecodeException">The library could not allocate it.</exception>
    public LlamaContextHandle Take()
    {
        Wait();
        _failure?.Throw();
        return _context!;
    }

    public void Wait() => _thread.Join();

    /// <summary>Waits for it, since the library cannot be stopped half way, and frees it.</summary>
    public void Abandon()
    {
        Wait();
        _context?.Dispose();
    }

    private void Make(Func<int, LlamaContextHandle> create)
    {
        try
        {
            _context = create(Room);
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception); // for whoever takes it
        }
    }
}
