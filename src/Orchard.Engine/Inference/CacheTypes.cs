namespace Orchard.Engine.Inference;

/// <summary>Names and sizes of <see cref="CacheType"/>.</summary>
internal static class CacheTypes
{
    private const int BlockElements = 32;

    /// <summary>Name as in llama.cpp, such as <c>q8_0</c>.</summary>
    public static string Name(this CacheType type) => type switch { CacheType.Q4 => "q4_0", CacheType.Q8 => "q8_0", _ => "f16" };

    /// <summary>Returns the type with a name, or null.</summary>
    public static CacheType? Find(string name) => name switch
    {
        "f16" => CacheType.F16,
        "q8_0" => CacheType.Q8,
        "q4_0" => CacheType.Q4,
        _ => null,
    };

    /// <summary>Bytes of a number of elements.</summary>
    public static long BytesOf(this CacheType type, long elements)
    {
        int blockBytes = type switch { CacheType.Q4 => 18, CacheType.Q8 => 34, _ => 2 * BlockElements };
        return checked(elements * blockBytes / BlockElements);
    }

    /// <summary>Number of the type in the library's enumeration <c>ggml_type</c>.</summary>
    public static int NativeType(this CacheType type) => type switch { CacheType.Q4 => 2, CacheType.Q8 => 8, _ => 1 };
}
