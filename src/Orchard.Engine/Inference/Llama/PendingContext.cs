using System.Runtime.ExceptionServices;
using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Llama;

/// <summary>
/// A native context that is created on a separate thread, because clearing a large KV cache takes seconds. Used by one other thread.
/// </summary>
internal sealed class PendingContext
{
    private readonly Thread _thread;
    private State _state;
    private LlamaContextHandle? _context;
    private ExceptionDispatchInfo? _failure;

    /// <param name="length">Number of tokens per sequence.</param>
    /// <param name="create">Creates the context; called on the separate thread.</param>
    public PendingContext(int length, Func<int, LlamaContextHandle> create)
    {
        Length = length;
        _thread = new Thread(() => Run(create)) { Name = "KV cache", IsBackground = true };
        _thread.UnsafeStart();
    }

    /// <summary>Number of tokens per sequence.</summary>
    public int Length { get; }

    public bool IsDone => !_thread.IsAlive;

    /// <summary>Waits for the context and returns it. The caller owns it.</summary>
    /// <exception cref="DecodeException">The library could not allocate it.</exception>
    public LlamaContextHandle Take()
    {
        Wait();
        _failure?.Throw();
        return _context!;
    }

    public void Wait() => _thread.Join();

    /// <summary>
    /// Frees the context. One that is still being created is freed by its thread, because the library cannot be interrupted and the caller
    /// should not wait for it.
    /// </summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref _state, State.Abandoned) == State.Created)
        {
            _context?.Dispose();
        }
    }

    private void Run(Func<int, LlamaContextHandle> create)
    {
        try
        {
            _context = create(Length);
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception); // rethrown by Take
        }

        if (Interlocked.CompareExchange(ref _state, State.Created, State.Creating) == State.Abandoned)
        {
            _context?.Dispose();
        }
    }

    private enum State
    {
        Creating,
        Created,
        Abandoned,
    }
}
