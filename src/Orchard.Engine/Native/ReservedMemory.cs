using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>
/// Lets the library reserve a KV cache without using memory for it. The library clears the cache when it creates it, which writes to all
/// of it. In the buffers that are allocated here, clearing gives the memory back instead, so that a page takes memory when a token is
/// stored in it. Thread-safe.
/// </summary>
/// <remarks>
/// This replaces the function that allocates buffers of the library's CPU buffer type, and in each buffer the functions that clear and
/// free it. The structs are internal to the library, so their fields are found by their values, and <see cref="IsSupported"/> is false if
/// a trial does not have the expected effects.
/// </remarks>
internal static unsafe class ReservedMemory
{
    // ggml_backend_buffer_type_i: get_name, alloc_buffer, …
    private const int AllocateField = 1;

    // ggml_backend_buffer: free_buffer, …, clear, reset, then the buffer type, the context and the size.
    private const int FreeField = 0;
    private const int MostFields = 24;

    private static readonly ConcurrentDictionary<nint, Region> Regions = new();

    private static readonly Lazy<bool> Supported = new(TryInstall);

    private static delegate* unmanaged[Cdecl]<nint, nuint, nint> _allocate;

    [ThreadStatic]
    private static bool _isReserving;

    /// <summary>Whether it works on this system, with the loaded library.</summary>
    public static bool IsSupported => Supported.Value;

    /// <summary>Calls a function during which the library's allocations by this thread only reserve memory.</summary>
    public static T During<T>(Func<T> create)
    {
        _isReserving = IsSupported;
        try
        {
            return create();
        }
        finally
        {
            _isReserving = false;
        }
    }

    private static bool TryInstall()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return false;
        }

        _ = LlamaLibrary.Load();
        nint* type = (nint*)LlamaApi.ggml_backend_cpu_buffer_type();
        nint original = type[AllocateField];
        _allocate = (delegate* unmanaged[Cdecl]<nint, nuint, nint>)original;
        type[AllocateField] = (nint)(delegate* unmanaged[Cdecl]<nint, nuint, nint>)&Allocate;
        if (TryOut((nint)type))
        {
            return true;
        }

        type[AllocateField] = original;
        return false;
    }

    // Allocates a buffer, writes to it, clears it and frees it.
    private static bool TryOut(nint type)
    {
        const int Bytes = 1 << 16;
        _isReserving = true;
        nint buffer = LlamaApi.ggml_backend_buft_alloc_buffer(type, Bytes);
        _isReserving = false;
        if (!Regions.ContainsKey(buffer))
        {
            return false;
        }

        byte* start = (byte*)LlamaApi.ggml_backend_buffer_get_base(buffer);
        start[Bytes - 1] = 1;
        LlamaApi.ggml_backend_buffer_clear(buffer, 0);
        bool isCleared = start[Bytes - 1] == 0;
        LlamaApi.ggml_backend_buffer_clear(buffer, 3);
        bool isFilled = start[0] == 3;
        LlamaApi.ggml_backend_buffer_free(buffer);
        return isCleared && isFilled && !Regions.ContainsKey(buffer);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Allocate(nint type, nuint size)
    {
        void* memory = _isReserving && size > 0 ? ReservedPages.Reserve(size) : null;
        if (memory is null)
        {
            return _allocate(type, size);
        }

        nint* buffer = (nint*)LlamaApi.ggml_backend_cpu_buffer_from_ptr(memory, size);
        int context = 0;
        while (context < MostFields && !(buffer[context] == (nint)memory && buffer[context + 1] == (nint)size))
        {
            context++;
        }

        if (context is < 4 or MostFields)
        {
            LlamaApi.ggml_backend_buffer_free((nint)buffer);
            ReservedPages.Release(memory, size);
            return _allocate(type, size);
        }

        int clear = context - 3;
        Regions[(nint)buffer] = new Region((nint)memory, size, buffer[clear]);
        buffer[context - 1] = type;
        buffer[clear] = (nint)(delegate* unmanaged[Cdecl]<nint, byte, void>)&Clear;
        buffer[FreeField] = (nint)(delegate* unmanaged[Cdecl]<nint, void>)&Free;
        return (nint)buffer;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Clear(nint buffer, byte value)
    {
        Region region = Regions[buffer];
        if (value != 0 || !ReservedPages.TryDiscard((void*)region.Address, region.Size))
        {
            ((delegate* unmanaged[Cdecl]<nint, byte, void>)region.OriginalClear)(buffer, value);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint buffer)
    {
        if (Regions.TryRemove(buffer, out Region region))
        {
            ReservedPages.Release((void*)region.Address, region.Size);
        }
    }

    private readonly record struct Region(nint Address, nuint Size, nint OriginalClear);
}
