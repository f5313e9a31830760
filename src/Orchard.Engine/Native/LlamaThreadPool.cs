namespace Orchard.Engine.Native;

/// <summary>Compute threads that are kept between decodes. A context without a pool starts and joins threads in each decode.</summary>
internal sealed unsafe class LlamaThreadPool : LlamaHandle
{
    private const int ProcessorDevice = 0;

    // Idle threads sleep at once. Polling for work would use the processor that the client needs; the library's default of 50 polls for
    // longer than a step takes.
    private const uint NoPolling = 0;

    private LlamaThreadPool(nint handle)
        : base(handle)
    {
    }

    /// <summary>Starts the threads. The result is invalid if the library does not support thread pools.</summary>
    /// <param name="threads">Number of compute threads, including the calling thread.</param>
    /// <param name="processors">
    /// One processor for each thread, the last one for the calling thread; or empty for no affinity.
    /// </param>
    public static LlamaThreadPool Start(int threads, IReadOnlyList<int> processors)
    {
        var start = (delegate* unmanaged[Cdecl]<LlamaThreadPoolParams*, nint>)Find("ggml_threadpool_new"u8);
        if (start == null)
        {
            return new LlamaThreadPool(0);
        }

        LlamaApi.ggml_threadpool_params_init(out LlamaThreadPoolParams parameters, threads);
        parameters.Poll = NoPolling;
        if (processors.Count == 0)
        {
            return new LlamaThreadPool(start(&parameters));
        }

        foreach (int processor in processors)
        {
            parameters.Processors[processor] = 1;
        }

        parameters.StrictProcessors = 1;
        return new LlamaThreadPool(StartOnOtherThread(start, parameters));
    }

    // The library binds the thread that creates a pool to the last processor, assuming that the same thread will decode.
    private static nint StartOnOtherThread(delegate* unmanaged[Cdecl]<LlamaThreadPoolParams*, nint> start, LlamaThreadPoolParams parameters)
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

    // The functions belong to the backend that the library has selected for this processor.
    private static nint Find(ReadOnlySpan<byte> name)
    {
        nint device = LlamaApi.ggml_backend_dev_by_type(ProcessorDevice);
        fixed (byte* first = name)
        {
            return device == 0 ? 0 : LlamaApi.ggml_backend_reg_get_proc_address(LlamaApi.ggml_backend_dev_backend_reg(device), first);
        }
    }
}
