using System.Runtime.InteropServices;
using System.Text;

namespace Orchard.Engine.Native;

/// <summary><c>llama_model_kv_override</c>, 264 bytes. An array of them ends with an empty key.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LlamaKeyValueOverride
{
    private const int IntegerTag = 0; // LLAMA_KV_OVERRIDE_TYPE_INT
    private const int RealTag = 1;
    private const int Capacity = 128;

    public int Tag;
    public fixed byte Key[Capacity];
    public Number Value;

    /// <summary>Returns the values and an end mark. Keys that are too long for the library are left out.</summary>
    public static LlamaKeyValueOverride[] Create(IReadOnlyList<(string Key, long? Integer, double? Real)> values)
    {
        var overrides = new LlamaKeyValueOverride[values.Count + 1];
        int count = 0;
        foreach ((string key, long? integer, double? real) in values)
        {
            if (Encoding.UTF8.GetByteCount(key) >= Capacity)
            {
                continue;
            }

            ref LlamaKeyValueOverride target = ref overrides[count++];
            target.Tag = integer is null ? RealTag : IntegerTag;
            target.Value.Integer = integer ?? BitConverter.DoubleToInt64Bits(real ?? 0);
            fixed (byte* bytes = target.Key)
            {
                Encoding.UTF8.GetBytes(key, new Span<byte>(bytes, Capacity));
            }
        }

        return overrides;
    }

    /// <summary>A union: an integer, the bits of a floating-point number, or a text of 128 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = Capacity)]
    internal struct Number
    {
        public long Integer;
    }
}
