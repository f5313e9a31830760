using Orchard.TestModels;

namespace Orchard.Benchmarks.Models;

/// <summary>
/// A model of a given shape that recites the same tokens over and over, whatever it is asked: its blocks add nothing to a token's vector, and
/// its output finds the token that comes next. It computes as much as any other model of that shape.
/// </summary>
internal static class ReciterModel
{
    /// <summary>Tokens of a text that begins anew within an answer.</summary>
    public const int Length = 200;

    /// <summary>Tokens of a text that does not.</summary>
    public const int LongLength = 3_000;

    private const int First = 300;
    private const int LineBreak = 11; // the last token of a prompt

    /// <summary>The file of that shape in the cache, written if it is not there.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="length">Tokens of the text that it knows.</param>
    /// <param name="knownPercent">For how many of a hundred tokens it knows the next one; for the others, it says anything.</param>
    public static string Ensure(Shape shape, int length = Length, int knownPercent = 100)
    {
        string name = (length, knownPercent) == (Length, 100) ? $"reciter-{shape}" : $"reciter-{shape}-{length}-{knownPercent}";
        return SyntheticModel.Ensure(
            name, path => SyntheticModel.Write(shape, path, (file, written) => WriteTensors(file, written, length, knownPercent)));
    }

    private static void WriteTensors(GgufFile file, Shape shape, int length, int knownPercent)
    {
        var knowledge = new Random(SyntheticModel.Seed);
        int row = shape.Width / Q8Block.Elements * Q8Block.Bytes;
        byte[] embeddings = new byte[row * shape.Vocabulary];
        Q8Block.WriteRandom(embeddings, new Random(SyntheticModel.Seed));
        file.Matrix("token_embd.weight", shape.Width, shape.Vocabulary, embeddings.CopyTo);
        SyntheticModel.WriteBlocks(file, shape, isSilent: true);
        file.Matrix("output.weight", shape.Width, shape.Vocabulary, WriteOutput);

        // The row of a token is the vector of the one before it. The first comes after two: the prompt's last, and its own last.
        void WriteOutput(Span<byte> output)
        {
            for (int i = 1; i < length; i++)
            {
                if (knowledge.Next(100) < knownPercent)
                {
                    Row(embeddings, First + i - 1).CopyTo(Row(output, First + i));
                }
            }

            Q8Block.WriteMean(Row(output, First), Row(embeddings, LineBreak), Row(embeddings, First + length - 1));
        }

        Span<byte> Row(Span<byte> matrix, int token) => matrix.Slice(token * row, row);
    }
}
