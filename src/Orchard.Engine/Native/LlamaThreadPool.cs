namespace Orchard.Engine.Native;

/// <summary>Threads that compute, kept from one decode to the next. A context without starts and joins its threads in every decode.</summary>
internal sealed unsafe class LlamaThreadPool : LlamaHandle
{
    private const int ProcessorDevice = 0;

    // A thread without work sleeps at once. Looking for work costs the processor that whoever reads the answer is waiting for; the
    // library's own 50 does so for longer than a step takes.
    private const uint Polls = 0;

    private LlamaThreadPool(nint handle)
        : base(handle)
    {
    }

    /// <summary>Starts the threads. The result is invalid when the library has no such thing.</summary>
    /// <param name="threads">Threads that compute, the caller's among them.</param>
    /// <param name="processors">
    /// As many processors as threads, of which each thread gets its own, the caller's the last; or none, and they run wherever.
    /// </param>
    public static LlamaThreadPool Start(int threads, IReadOnlyList<int> processors)
    {
        var start = (delegate* unmanaged[Cdecl]<LlamaThreadPoolParams*, nint>)Find("ggml_threadpool_new"u8);
        if (start == null)
        {
            return new LlamaThreadPool(0);
        }

        LlamaApi.ggml_threadpool_params_init(out LlamaThreadPoolParams parameters, threads);
        parameters.Poll = Polls;
        if (processors.Count == 0)
        {
            return new LlamaThreadPool(start(&parameters));
        }

        foreach (int processor in processors)
        {
            parameters.Processors[processor] = 1;
        }

        parameters.StrictProcessors = 1;
        return new LlamaThreadPool(StartElsewhere(start, parameters));
    }

    // The library binds whoever makes a pool to the last processor, as if the same thread were to compute.
    private static nint StartElsewhere(delegate* unmanaged[Cdecl]<LlamaThreadPoolParams*, nint> start, LlamaThreadPoolParams parameters)
    {
        nint pool = 0;
        var starter = new Thread(() =>
        {
            LlamaThreadPoolParams own = parameters;
            pool = start(&own);
        });
        starter.Start();
        starter.Join();
        return pool;
    }

    protected override void Free(nint native) => ((delegate* unmanaged[Cdecl]<nint, void>)Find("ggml_threadpool_free"u8))(native);

    // They belong to the back end that was chosen for this processor, which only the library knows.
    private static nint Find(ReadOnlySpan<byte> name)
    {
        nint device = LlamaApi.ggml_backend_dev_by_type(ProcessorDevice);
        fixed (byte* first = name)
        {
            return device == 0 ? 0 : LlamaApi.ggml_backend_reg_get_proc_address(LlamaApi.ggml_backend_dev_backend_reg(device), first);
        }
    }
}
