using System.Buffers.Binary;

namespace Orchard.TestModels;

/// <summary>The block of the q8_0 format: a 16-bit scale and 32 weights of 8 bits.</summary>
public static class Q8Block
{
    public const int Elements = 32;
    public const int Bytes = 34;

    // Keeps the activations of a deep model far from the limits of 16-bit numbers.
    private const float Scale = 0.05f / sbyte.MaxValue;

    public static void WriteRandom(Span<byte> blocks, Random random)
    {
        random.NextBytes(blocks);
        for (int start = 0; start < blocks.Length; start += Bytes)
        {
            BinaryPrimitives.WriteHalfLittleEndian(blocks[start..], (Half)Scale);
        }
    }

    /// <summary>The mean of two rows of blocks of one scale.</summary>
    public static void WriteMean(Span<byte> blocks, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        one.CopyTo(blocks);
        for (int i = 0; i < blocks.Length; i++)
        {
            if (i % Bytes >= sizeof(ushort))
            {
                blocks[i] = (byte)(sbyte)(((sbyte)one[i] + (sbyte)other[i]) / 2);
            }
        }
    }
}
