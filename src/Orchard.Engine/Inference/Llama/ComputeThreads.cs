using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Llama;

/// <summary>Controls how many threads compute, and which processors they run on. Not thread-safe.</summary>
internal sealed class ComputeThreads
{
    private readonly bool _bindsThreads;
    private readonly ThreadThrottle? _throttle; // null: the number of threads is fixed
    private ThreadCounts _requested;
    private ThreadCounts _active; // the requested counts, or fewer while processors are busy
    private bool _isCallerBound;

    public ComputeThreads(DecoderOptions options)
    {
        _bindsThreads = options.BindsThreads;
        _throttle = options.AdaptsThreads ? new ThreadThrottle(TimeProvider.System) : null;
        _requested = _active = new ThreadCounts(options.Threads, options.Threads);
    }

    /// <summary>The numbers of threads that compute unless processors are busy.</summary>
    public ThreadCounts Requested => _requested;

    /// <summary>Changes the numbers of threads from the next decode on.</summary>
    public void Request(ThreadCounts counts, LlamaContextHandle context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(counts.SingleToken, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(counts.Batch, 1);
        _requested = counts;
        Activate(counts, context);
    }

    /// <summary>Applies the current numbers of threads to a new context.</summary>
    public void Attach(LlamaContextHandle context) => context.SetThreads(_active.SingleToken, _active.Batch, _bindsThreads);

    /// <summary>Runs the forward pass. Returns the status of the library.</summary>
    /// <param name="context">The context to decode with.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="tokens">Number of tokens in the batch.</param>
    /// <param name="isProcessorTaken">Whether another thread of this process needs a processor during the decode.</param>
    public int Decode(LlamaContextHandle context, ILlamaBatch batch, int tokens, bool isProcessorTaken)
    {
        int singleToken = Available(_requested.SingleToken, isProcessorTaken);
        Activate(new ThreadCounts(singleToken, Available(_requested.Batch, isProcessorTaken)), context);
        int threads = tokens == 1 ? _active.SingleToken : _active.Batch;
        BindCaller(threads);
        return _throttle is null ? context.Decode(batch) : DecodeAndMeasure(_throttle, context, batch, threads, tokens);
    }

    /// <summary>Ends the processor affinity of the calling thread, if a decode has set it.</summary>
    public void UnbindCaller()
    {
        if (_isCallerBound)
        {
            ProcessorAffinity.Unbind();
            _isCallerBound = false;
        }
    }

    // A thread that takes the processor of one compute thread would delay all of them, because they wait for each other.
    private int Available(int threads, bool isProcessorTaken)
    {
        int limit = isProcessorTaken ? Math.Max(Environment.ProcessorCount - 1, 1) : threads;
        return Math.Min(limit, _throttle?.Limit(threads) ?? threads);
    }

    private static int DecodeAndMeasure(
        ThreadThrottle throttle, LlamaContextHandle context, ILlamaBatch batch, int threads, int tokens)
    {
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        int status = context.Decode(batch);
        throttle.Record(threads, tokens, TimeProvider.System.GetElapsedTime(start), Environment.CpuUsage.TotalTime - used);
        return status;
    }

    private void BindCaller(int threads)
    {
        if (!_bindsThreads || ProcessorAffinity.For(threads) is not [.., int own])
        {
            UnbindCaller();
        }
        else if (!_isCallerBound)
        {
            ProcessorAffinity.Bind(own);
            _isCallerBound = true;
        }
    }

    private void Activate(ThreadCounts counts, LlamaContextHandle context)
    {
        if (counts != _active)
        {
            _active = counts;
            Attach(context);
        }
    }
}
