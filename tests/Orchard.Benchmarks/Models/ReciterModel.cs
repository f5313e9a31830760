using Orchard.TestModels;

namespace Orchard.Benchmarks.Models;

/// <summary>
/// A model of a given shape that recites the same <see cref="Length"/> tokens over and over, whatever it is asked: its blocks add nothing to
/// a token's vector, and its output finds the token that comes next. It computes as much as any other model of that shape.
/// </summary>
internal static class ReciterModel
{
    /// <summary>Tokens of the text that it knows.</summary>
    public const int Length = 200;

    private const int First = 300;
    private const int LineBreak = 11; // the last token of a prompt

    /// <summary>The file of that shape in the cache, written if it is not there.</summary>
    public static string Ensure(Shape shape) => SyntheticModel.Ensure($"reciter-{shape}", path => SyntheticModel.Write(shape, path, WriteTensors));

    private static void WriteTensors(GgufFile file, Shape shape)
    {
        int row = shape.Width / Q8Block.Elements * Q8Block.Bytes;
        byte[] embeddings = new byte[row * shape.Vocabulary];
        Q8Block.WriteRandom(embeddings, new Random(SyntheticModel.Seed));
        file.Matrix("token_embd.weight", shape.Width, shape.Vocabulary, embeddings.CopyTo);
        SyntheticModel.WriteBlocks(file, shape, isSilent: true);
        file.Matrix("output.weight", shape.Width, shape.Vocabulary, WriteOutput);

        // The row of a token is the vector of the one before it. The first comes after two: the prompt's last, and its own last.
        void WriteOutput(Span<byte> output)
        {
            for (int i = 1; i < Length; i++)
            {
                Row(embeddings, First + i - 1).CopyTo(Row(output, First + i));
            }

            Q8Block.WriteMean(Row(output, First), Row(embeddings, LineBreak), Row(embeddings, First + Length - 1));
        }

        Span<byte> Row(Span<byte> matrix, int token) => matrix.Slice(token * row, row);
    }
}
