using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Tests.Native;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Every kind of invalid model file is rejected with a reason before native code reads it.</summary>
public sealed class GgufHeaderTests
{
    private static readonly ulong Huge = ulong.MaxValue / 2;

    [Fact]
    public void Read_SmallModel_GivesItsFacts()
    {
        byte[] file = new GgufBuilder()
            .Number("tiny.context_length", 2048)
            .Text("general.architecture", "tiny")
            .Number("tiny.block_count", 2)
            .Number("tiny.embedding_length", 64)
            .Number("tiny.attention.head_count", 4)
            .Number("tiny.attention.head_count_kv", 2)
            .Text("tokenizer.chat_template", "{{ messages }}")
            .Tensor("w", 0, 4)
            .Build();

        GgufHeader header = Read(file);

        Assert.Equal(("tiny", 2048, 4L, file.LongLength), (header.Architecture, header.ContextLength, header.ParameterCount, header.FileBytes));
        Assert.Equal("{{ messages }}", header.ChatTemplate);
        Assert.Equal(2 * 2 * (16 + 16) * 2, header.KeyValueBytesPerToken);
        Assert.Equal(4, header.AttentionHeads);
    }

    [Fact]
    public void Read_EverythingAModelSaysOfItself_IsThere()
    {
        byte[] file = new GgufBuilder()
            .Text("general.architecture", "tiny")
            .Number("general.file_type", 15)
            .Number("tiny.embedding_length", 64)
            .Number("tiny.rope.scaling.original_context_length", 4096)
            .Number("tiny.pooling_type", 1)
            .Number("tokenizer.ggml.bos_token_id", 1)
            .Number("tokenizer.ggml.unknown_token_id", 0)
            .Number("tokenizer.ggml.seperator_token_id", 7)
            .Text("tokenizer.chat_template", "main")
            .Text("tokenizer.chat_template.tool_use", "with tools")
            .Text("tokenizer.chat_template.rag", "with documents")
            .Tensor("w", 0, 4)
            .Build();

        GgufHeader header = Read(file);

        Assert.Equal(4_096, header.OriginalContextLength);
        Assert.Equal(("Q4_K_M", 64, Pooling.Mean, "main"), (header.Quantization, header.EmbeddingLength, header.Pooling, header.ChatTemplate));
        Assert.Equal(new Dictionary<string, int> { ["bos_token"] = 1, ["unk_token"] = 0, ["sep_token"] = 7 }, header.SpecialTokens);
        Assert.Equal(new Dictionary<string, string> { ["tool_use"] = "with tools", ["rag"] = "with documents" }, header.ChatTemplates);
    }

    [Fact]
    public void Read_RecommendedSampling_KeepsTheNumbersByTheirNames()
    {
        byte[] file = new GgufBuilder()
            .Text("general.architecture", "tiny")
            .Value("general.sampling.temp", 6, writer => writer.Write(0.6f))
            .Value("general.sampling.top_p", 12, writer => writer.Write(0.95))
            .Value("general.sampling.top_k", 5, writer => writer.Write(-1))
            .Value("general.sampling.min_p", 6, writer => writer.Write(float.NaN))
            .Text("general.sampling.sequence", "kpt")
            .Tensor("w", 0, 4)
            .Build();

        Assert.Equal(new Dictionary<string, double> { ["temp"] = 0.6, ["top_p"] = 0.95, ["top_k"] = -1 }, Read(file).Sampling);
    }

    [Fact]
    public void Read_NoFileType_QuantizationIsThatOfMostWeights()
    {
        byte[] file = new GgufBuilder().Text("general.architecture", "tiny").Tensor("norm", 0, 4).Tensor("w", 8, 64, 2).Data(512).Build();

        Assert.Equal("Q8_0", Read(file).Quantization);
    }

    [Fact]
    public void Read_ThousandsOfTemplates_KeepsAFew()
    {
        var builder = new GgufBuilder().Text("general.architecture", "tiny").Tensor("w", 0, 4);
        for (int i = 0; i < 1_000; i++)
        {
            builder.Text($"tokenizer.chat_template.{i}", "x");
        }

        Assert.Equal(16, Read(builder.Build()).ChatTemplates.Count);
    }

    [Fact]
    public void Read_HeadsPerLayer_AreAddedUp()
    {
        byte[] file = new GgufBuilder()
            .Text("general.architecture", "tiny")
            .Number("tiny.block_count", 3)
            .Number("tiny.attention.head_count", 4)
            .Number("tiny.attention.key_length", 10)
            .Number("tiny.attention.value_length", 20)
            .Value("tiny.attention.head_count_kv", 9, writer =>
            {
                writer.Write(5);
                writer.Write(3UL);
                Array.ForEach([1, 0, 4], writer.Write);
            })
            .Tensor("w", 0, 4)
            .Build();

        Assert.Equal((1 + 0 + 4) * (10 + 20) * 2, Read(file).KeyValueBytesPerToken);
    }

    [Fact]
    public void Read_NoFile_SaysSo() => AssertPath(Path.Combine(AppContext.BaseDirectory, "missing.gguf"), "There is no model file");

    [Fact]
    public void Read_Directory_SaysSo() => AssertPath(AppContext.BaseDirectory, "is a directory");

    [Fact]
    public void Read_InvalidPath_SaysSo()
    {
        Assert.Throws<ModelFileException>(() => GgufHeader.Read(string.Empty));
        Assert.Throws<ModelFileException>(() => GgufHeader.Read("a\0b"));
    }

    [Fact]
    public void Read_EmptyFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        AssertPath(folder.Write("empty.gguf", []), "is empty (0 bytes)");
    }

    [Fact]
    public void Read_ThreeBytes_IsNoModel()
    {
        using var folder = new TemporaryFolder();
        AssertPath(folder.Write("short.gguf", "GGU"u8.ToArray()), "(3 bytes) is not a GGUF model file");
    }

    [Fact]
    public void Read_OtherFormat_IsNoModel() => AssertFails(new GgufBuilder { Magic = 0x04034B50 }.Build(), "is not a GGUF model file");

    [Theory]
    [InlineData(1u, "GGUF version 1")]
    [InlineData(4u, "GGUF version 4")]
    [InlineData(0x03000000u, "big-endian")]
    public void Read_OtherVersion_SaysWhich(uint version, string problem) => AssertFails(new GgufBuilder { Version = version }.Build(), problem);

    [Fact]
    public void Read_NoTensors_SaysSo() => AssertFails(new GgufBuilder().Text("general.architecture", "tiny").Build(), "contains no weights");

    [Fact]
    public void Read_NoArchitecture_SaysSo() => AssertFails(new GgufBuilder().Tensor("w", 0, 4).Build(), "does not specify its architecture");

    [Theory]
    [InlineData(4)]
    [InlineData(23)]
    [InlineData(100)]
    [InlineData(20_000)]
    [InlineData(100_000)]
    [InlineData(1_500_000)]
    [InlineData(3_897_439)]
    public void Read_StarterModelCutShort_IsTruncated(int length)
    {
        byte[] whole = File.ReadAllBytes(StarterModel.FilePath);

        ModelFileException error = AssertFails(whole[..length], "truncated");

        Assert.Contains($"{length:N0} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_StarterModelCutByOneByte_GivesBothSizes()
    {
        byte[] whole = File.ReadAllBytes(StarterModel.FilePath);

        ModelFileException error = AssertFails(whole[..^1], "is truncated");

        Assert.Contains("3,897,471 bytes of 3,897,472", error.Message, StringComparison.Ordinal);
        Assert.Equal("test.gguf", error.Path);
    }

    [Fact]
    public void Read_HostileCounts_FailWithoutAllocating()
    {
        byte[][] files =
        [
            new GgufBuilder { TensorCount = Huge }.Build(),
            new GgufBuilder { MetadataCount = Huge }.Build(),
            new GgufBuilder { TensorCount = ulong.MaxValue, MetadataCount = ulong.MaxValue }.Build(),
            new GgufBuilder().Value("general.architecture", 8, writer => writer.Write(Huge)).Build(),
            new GgufBuilder().Value("tokenizer.chat_template", 8, writer => writer.Write(ulong.MaxValue)).Build(),
            new GgufBuilder().Value("tokenizer.ggml.tokens", 9, writer => { writer.Write(8); writer.Write(Huge); }).Build(),
            new GgufBuilder().Value("x.attention.head_count_kv", 9, writer => { writer.Write(4); writer.Write(Huge); }).Build(),
            new GgufBuilder().Value("deep", 9, writer => { writer.Write(9); writer.Write(1UL); }).Build(),
            new GgufBuilder().Value("odd", 99, _ => { }).Build(),
            new GgufBuilder().Value("odd", 9, writer => { writer.Write(77); writer.Write(0UL); }).Build(),
            Model().Tensor("w", 0, Huge, Huge).Build(),
            Model().Tensor("w", 0, 0, uint.MaxValue, []).Build(),
            Model().Tensor("w", 0, ulong.MaxValue, 1, [4]).Build(),
            Model().Tensor("w", 0, Huge, 1, [4]).Build(),
            Model().Tensor("w", 999, Huge, 1, [4]).Build(),
            Model().Number("general.alignment", 0).Tensor("w", 0, 4).Build(),
            Model().Number("general.alignment", 33).Tensor("w", 0, 4).Build(),
            Model().Number("tiny.context_length", uint.MaxValue).Tensor("w", 0, 4).Build(),
        ];
        _ = Record.Exception(() => Read(files[0])); // what is allocated once is not counted

        foreach (byte[] file in files)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            _ = AssertFails(file, "test.gguf");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
        }
    }

    [Fact]
    public void Read_MutatedHeaders_FailWithModelFileExceptionOnly()
    {
        byte[] original = File.ReadAllBytes(StarterModel.FilePath)[..100_000];
        byte[] small = new GgufBuilder()
            .Text("general.architecture", "tiny").Number("tiny.block_count", 2).Number("tiny.attention.head_count", 4)
            .Text("tokenizer.chat_template", "x").Tensor("w", 0, 2, 2).Tensor("v", 8, 0, 1, [32]).Data(64).Build();
        var random = new Random(20_240_517);
        int accepted = 0;
        for (int round = 0; round < 4_000; round++)
        {
            byte[] file = Mutate(round % 8 == 0 ? original : small, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _ = Read(file);
                accepted++;
            }
            catch (ModelFileException)
            {
                // the one permitted failure
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }

        Assert.InRange(accepted, 1, 3_999); // neither all harmless nor all fatal
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        byte[] file = (byte[])original.Clone();
        int end = Math.Min(file.Length, 4_096);
        for (int change = random.Next(1, 5); change > 0; change--)
        {
            int at = random.Next(end - 8);
            switch (random.Next(4))
            {
                case 0:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    file[at] = (byte)random.Next(256);
                    break;
                case 2:
                    BitConverter.TryWriteBytes(file.AsSpan(at), random.NextInt64(long.MinValue, long.MaxValue));
                    break;
                default:
                    BitConverter.TryWriteBytes(file.AsSpan(at), (uint)random.Next(16));
                    break;
            }
        }

        return random.Next(4) == 0 ? file[..random.Next(file.Length)] : file;
    }

    private static GgufBuilder Model() => new GgufBuilder().Text("general.architecture", "tiny");

    private static GgufHeader Read(byte[] file) => GgufHeader.Read(new MemoryStream(file), "test.gguf");

    private static ModelFileException AssertFails(byte[] file, string problem)
    {
        var error = Assert.Throws<ModelFileException>(() => Read(file));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        return error;
    }

    private static void AssertPath(string path, string problem)
    {
        var error = Assert.Throws<ModelFileException>(() => GgufHeader.Read(path));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.Path);
    }
}
