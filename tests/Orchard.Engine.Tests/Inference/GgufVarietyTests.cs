using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.TestModels;
using TemporaryFolder = Orchard.Engine.Tests.Native.TemporaryFolder;

namespace Orchard.Engine.Tests.Inference;

/// <summary>
/// The variety of files that converters write: what is sound is loaded and computes the same as a plain file; the rest is refused by the
/// reader of the header, before native code, which would end the process for some of it.
/// </summary>
public sealed class GgufVarietyTests : IDisposable
{
    private static readonly Dictionary<string, Func<TinyLlama>> Sound = new()
    {
        ["counts of u8"] = () => Counts(0, (writer, value) => writer.Write((byte)value)),
        ["counts of i8"] = () => Counts(1, (writer, value) => writer.Write((sbyte)value)),
        ["counts of u16"] = () => Counts(2, (writer, value) => writer.Write((ushort)value)),
        ["counts of i16"] = () => Counts(3, (writer, value) => writer.Write((short)value)),
        ["counts of i32"] = () => Counts(5, (writer, value) => writer.Write(value)),
        ["counts of u64"] = () => Counts(10, (writer, value) => writer.Write((ulong)value)),
        ["counts of i64"] = () => Counts(11, (writer, value) => writer.Write((long)value)),
        ["heads per layer"] = () => new TinyLlama()
            .With("llama.attention.head_count", (file, key) => file.Numbers(key, [2, 2]))
            .With("llama.attention.head_count_kv", 9, writer => WriteArray(writer, 4, [2u, 2u], writer.Write)),
        ["real numbers of 64 bits"] = () => new TinyLlama()
            .With("llama.rope.freq_base", 12, writer => writer.Write(10_000.0))
            .With("llama.attention.layer_norm_rms_epsilon", 12, writer => writer.Write(1e-5)),
        ["a frequency as an integer"] = () => new TinyLlama().With("llama.rope.freq_base", 10_000),
        ["a file type of 64 bits"] = () => new TinyLlama().With("general.file_type", 10, writer => writer.Write(0UL)),
        ["a hash of 64 bits"] = () => new TinyLlama().With("general.hash", 10, writer => writer.Write(ulong.MaxValue)),
        ["no optional value"] = () => new TinyLlama().Without(
            "llama.attention.head_count_kv", "llama.rope.freq_base", "llama.rope.dimension_count", "tokenizer.ggml.bos_token_id", "tokenizer.ggml.token_type"),
        ["alignment of 64"] = () => new TinyLlama { Alignment = 64 }.With("general.alignment", 64),
        ["alignment of 4096"] = () => new TinyLlama { Alignment = 4096 }.With("general.alignment", 4096),
        ["end tokens as an array"] = () => new TinyLlama().With("tokenizer.ggml.eos_token_id", (file, key) => file.Numbers(key, [0, 5])),
        ["scaling of type none"] = () => new TinyLlama().With("llama.rope.scaling.type", "none"),
    };

    private static readonly Dictionary<string, (Func<TinyLlama> Model, string Problem)> Unsound = new()
    {
        ["two equal tokens"] = (() => Tokens("ab", "ab"), "the same token twice in its vocabulary (tokens 300 and 301)"),
        ["two tokens equal up to a zero"] = (() => Tokens("ab\0c", "ab"), "the same token twice"),
        ["no byte tokens"] = (() => new TinyLlama().With("tokenizer.ggml.model", "llama"), "no token for the byte 0x"),
        ["no escaped byte tokens"] = (() => new TinyLlama().With("tokenizer.ggml.model", "rwkv").Without("llama.embedding_length"), "no token for the byte 0x00 in its RWKV"),
        ["no vocabulary"] = (() => new TinyLlama().With("tokenizer.ggml.model", "none"), "has no vocabulary"),
        ["no layers"] = (() => new TinyLlama().With("llama.block_count", 0), "has 0 layers"),
        ["too many layers"] = (() => new TinyLlama().With("llama.block_count", 513), "has 513 layers"),
        ["too many layers for predictions"] = (() => new TinyLlama().With("llama.nextn_predict_layers", 3), "more layers for the prediction"),
        ["unknown scaling"] = (() => new TinyLlama().With("llama.rope.scaling.type", "llama3"), "RoPE scaling of type 'llama3'"),
        ["no experts in use"] = (() => new TinyLlama().With("llama.expert_count", 4), "uses 0 of 4 experts"),
        ["no experts to use"] = (() => new TinyLlama().With("llama.expert_used_count", 2), "uses 2 of 0 experts"),
        ["more experts in use than there are"] = (() => Experts([1, 5]), "uses 5 of 4 experts"),
        ["too many experts"] = (() => Experts([1]).With("llama.expert_count", 2_000), "uses 1 of 2,000 experts"),
        ["uneven groups"] = (() => Experts([1]).With("llama.expert_group_count", 3).With("llama.expert_group_used_count", 1), "1 of 3 groups"),
        ["alignment of 64 bits"] = (() => new TinyLlama().With("general.alignment", 10, writer => writer.Write(32UL)), "has its alignment as UInt64"),
        ["heads of 64 bits per layer"] = (
            () => new TinyLlama().With("llama.attention.head_count_kv", 9, writer => WriteArray(writer, 10, [2UL, 2UL], writer.Write)),
            "has 'attention.head_count_kv' as an array of UInt64"),
        ["an adapter"] = (() => new TinyLlama().With("general.type", "adapter"), "is not a model: it is a LoRA adapter"),
        ["a projector"] = (() => new TinyLlama().With("general.type", "mmproj"), "is not a model: it is the projector"),
        ["an old projector"] = (() => new TinyLlama().With("general.architecture", "clip"), "is not a model: it is the projector"),
        ["data of a quantization"] = (() => new TinyLlama().Without("general.architecture").With("general.type", "imatrix"), "imatrix"),
        ["a control vector"] = (() => new TinyLlama().With("general.architecture", "controlvector"), "is a control vector"),
        ["something new"] = (() => new TinyLlama().With("general.type", "dataset"), "contains a dataset"),
        ["another part"] = (() => TinyLlama.Part(1, 3), "is part 2 of 3 of a split model"),
        ["a part without the others"] = (() => TinyLlama.Part(0, 3), "its name does not say how the others are called"),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> SoundNames => [.. Sound.Keys];

    public static TheoryData<string> UnsoundNames => [.. Unsound.Keys];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(SoundNames))]
    public async Task SoundFile_ComputesWhatAPlainOneDoes(string name)
    {
        string path = Sound[name]().Save(PathOf("model.gguf"));

        Assert.Equal(await GenerateAsync(new TinyLlama().Save(PathOf("plain.gguf"))), await GenerateAsync(path));
        Assert.Equal((TinyLlama.ContextLength, TinyLlama.Heads), (GgufHeader.Read(path).ContextLength, GgufHeader.Read(path).AttentionHeads));
    }

    [Theory]
    [InlineData("TINY.GGUF")]
    [InlineData("a tiny model (1).gguf")]
    [InlineData("model")]
    [InlineData("modèle-模型.gguf")]
    public async Task AnyName_IsLoaded(string name)
    {
        string path = new TinyLlama().Save(PathOf(name));

        Assert.Equal(await GenerateAsync(new TinyLlama().Save(PathOf("plain.gguf"))), await GenerateAsync(path));
    }

    [Theory]
    [InlineData("tiny-00001-of-00002.gguf", "tiny-00002-of-00002.gguf")]
    [InlineData("my tiny model-00001-of-00002.gguf", "my tiny model-00002-of-00002.gguf")]
    [InlineData("Tiny 2 v1 1 of 2.GGUF", "Tiny 2 v1 2 of 2.GGUF")]
    [InlineData("tiny part 00001 of 00002", "tiny part 00002 of 00002")]
    public async Task SplitModel_IsLoadedByItsFirstPart(string first, string second)
    {
        string whole = new TinyLlama().Save(PathOf("whole.gguf"));
        string path = new TinyLlama().SaveInTwo(PathOf(first), PathOf(second));

        GgufHeader header = GgufHeader.Read(path);

        Assert.Equal([path, PathOf(second)], header.Files);
        Assert.Equal(GgufHeader.Read(whole).ParameterCount, header.ParameterCount);
        Assert.Equal(new FileInfo(path).Length + new FileInfo(PathOf(second)).Length, header.TotalBytes);
        Assert.Equal(await GenerateAsync(whole), await GenerateAsync(path));
    }

    [Theory]
    [MemberData(nameof(UnsoundNames))]
    public void UnsoundFile_IsRefusedByTheReader(string name)
    {
        string path = Unsound[name].Model().Save(PathOf("model.gguf"));

        var error = Assert.Throws<ModelFileException>(() => GgufHeader.Read(path));

        Assert.Contains(Unsound[name].Problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SplitModel_PartMissing_IsNamed() =>
        AssertRefused(new TinyLlama().SaveInTwo(PathOf("a-00001-of-00002.gguf"), null), $"there is no file '{PathOf("a-00002-of-00002.gguf")}'");

    [Fact]
    public void SplitModel_AnotherPartGiven_NamesTheFirst()
    {
        new TinyLlama().SaveInTwo(PathOf("a-00001-of-00002.gguf"), PathOf("a-00002-of-00002.gguf"));

        AssertRefused(PathOf("a-00002-of-00002.gguf"), $"Give the path of its first part '{PathOf("a-00001-of-00002.gguf")}'");
    }

    [Fact]
    public void SplitModel_PartCutShort_IsTruncated()
    {
        string path = new TinyLlama().SaveInTwo(PathOf("a-00001-of-00002.gguf"), PathOf("a-00002-of-00002.gguf"));
        byte[] second = File.ReadAllBytes(PathOf("a-00002-of-00002.gguf"));
        File.WriteAllBytes(PathOf("a-00002-of-00002.gguf"), second[..^100]);

        AssertRefused(path, "is truncated");
    }

    [Fact]
    public void SplitModel_AnotherPartInItsPlace_IsRefused()
    {
        string path = new TinyLlama().SaveInTwo(PathOf("a-00001-of-00002.gguf"), null);
        File.Copy(path, PathOf("a-00002-of-00002.gguf"));

        AssertRefused(path, "is not part 2 of 2");
    }

    [Fact]
    public void SplitModel_NumberOfThePartInAnotherType_IsRefused()
    {
        string path = new TinyLlama().SaveInTwo(PathOf("a-00001-of-00002.gguf"), null);
        new TinyLlama().With("split.no", 1).Save(PathOf("a-00002-of-00002.gguf"));

        AssertRefused(path, "is not part 2 of 2");
    }

    [Fact]
    public void SplitModel_PartOfAnotherModel_IsRefused()
    {
        string path = new TinyLlama().SaveInTwo(PathOf("a-00001-of-00002.gguf"), null);
        TinyLlama.Part(1, 2).Save(PathOf("a-00002-of-00002.gguf"));

        AssertRefused(path, "do not belong together");
    }

    [Theory]
    [InlineData("llama.context_length", "key not found in model: llama.context_length")]
    [InlineData("tokenizer.ggml.model", "key not found in model: tokenizer.ggml.model")]
    [InlineData("tokenizer.ggml.tokens", "cannot find tokenizer vocab")]
    public async Task NecessaryValueMissing_TheReasonOfTheLibraryIsGiven(string key, string problem)
    {
        string path = new TinyLlama().Without(key).Save(PathOf("model.gguf"));

        var error = await Assert.ThrowsAsync<ModelFileException>(() => LlamaModel.LoadAsync(path, null, null, Cancelled));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adapter_IsReadAsOne()
    {
        string adapter = new TinyLlama().With("general.type", "adapter").Save(PathOf("adapter.gguf"));

        Assert.Equal("llama", GgufHeader.ReadAdapter(adapter).Architecture);
        Assert.Contains(
            "is not a LoRA adapter", Assert.Throws<ModelFileException>(() => GgufHeader.ReadAdapter(new TinyLlama().Save(PathOf("a.gguf")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoEndToken_TheOneOfTheLibraryIsToldAndAnOrdinaryOneIgnored()
    {
        using LlamaModel model = await LoadAsync(new TinyLlama().Without("tokenizer.ggml.eos_token_id"));

        Assert.False(model.AssumedEnd!.Value.IsUsed);
        Assert.False(model.IsEndOfGeneration(model.AssumedEnd.Value.Token));
        Assert.Null(model.EndText);
    }

    [Fact]
    public async Task NoEndToken_ControlTokenInItsPlace_EndsAnswers()
    {
        int[] types = [.. Enumerable.Repeat(1, 320)];
        types[11] = 3; // what the library assumes for this kind of vocabulary
        using LlamaModel model = await LoadAsync(
            new TinyLlama().Without("tokenizer.ggml.eos_token_id").With("tokenizer.ggml.token_type", (file, key) => file.Numbers(key, types)));

        Assert.Equal((11, true), (model.AssumedEnd!.Value.Token, model.AssumedEnd.Value.IsUsed));
        Assert.True(model.IsEndOfGeneration(11));
    }

    [Fact]
    public async Task SeveralEndTokens_AllEndAnswers()
    {
        using LlamaModel model = await LoadAsync(new TinyLlama()
            .With("tokenizer.ggml.eot_token_id", 5)
            .With("tokenizer.ggml.eos_token_ids", (file, key) => file.Numbers(key, [0, 7, 9, 1_000_000])));

        Assert.Equal([0, 5, 7, 9], Enumerable.Range(0, model.VocabularySize).Where(model.IsEndOfGeneration));
        Assert.Null(model.AssumedEnd);
    }

    [Fact]
    public async Task SpecialTokensAskedForThatAreNone_AreNotAdded()
    {
        using LlamaModel model = await LoadAsync(new TinyLlama()
            .With("tokenizer.ggml.tokens", (file, key) => file.Texts(key, [.. ByteVocabulary.Create([], 320)]))
            .With("tokenizer.ggml.add_sep_token", (file, key) => file.Flag(key, true)));

        Assert.Single(model.Tokenize("a"u8));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(" \n", null)]
    [InlineData("{{ messages }}", "{{ messages }}")]
    public void Template_Empty_IsNone(string template, string? expected) =>
        Assert.Equal(expected, GgufHeader.Read(new TinyLlama().With("tokenizer.chat_template", template).Save(PathOf("model.gguf"))).ChatTemplate);

    [Fact]
    public void Template_Array_IsItsFirstText()
    {
        string path = new TinyLlama().With("tokenizer.chat_template", (file, key) => file.Texts(key, ["", "one", "two"])).Save(PathOf("model.gguf"));

        Assert.Equal("one", GgufHeader.Read(path).ChatTemplate);
    }

    private static TinyLlama Counts(uint type, Action<BinaryWriter, int> write)
    {
        var model = new TinyLlama();
        int[] values = [TinyLlama.ContextLength, 64, TinyLlama.Layers, 64, TinyLlama.Heads, TinyLlama.Heads, 32, 0, 0];
        foreach ((string key, int value) in TinyLlama.Counts.Zip(values))
        {
            model.With(key, type, writer => write(writer, value));
        }

        return model;
    }

    private static TinyLlama Tokens(string first, string second)
    {
        string[] tokens = [.. ByteVocabulary.Create(["<end>"], 320)];
        (tokens[300], tokens[301]) = (first, second);
        return new TinyLlama().With("tokenizer.ggml.tokens", (file, key) => file.Texts(key, tokens));
    }

    private static TinyLlama Experts(int[] used) => new TinyLlama()
        .With("llama.expert_count", 4)
        .With("llama.expert_used_count", (file, key) => file.Numbers(key, used));

    private static void WriteArray<T>(BinaryWriter writer, uint type, T[] values, Action<T> write)
    {
        writer.Write(type);
        writer.Write((ulong)values.Length);
        Array.ForEach(values, write);
    }

    private static void AssertRefused(string path, string problem) =>
        Assert.Contains(problem, Assert.Throws<ModelFileException>(() => GgufHeader.Read(path)).Message, StringComparison.Ordinal);

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private Task<LlamaModel> LoadAsync(TinyLlama model) => LlamaModel.LoadAsync(model.Save(PathOf("model.gguf")), null, null, Cancelled);

    private static async Task<List<int>> GenerateAsync(string path)
    {
        using LlamaModel model = await LlamaModel.LoadAsync(path, null, null, Cancelled);
        using var decoder = new LlamaDecoder(model, new DecoderOptions { SequenceCapacity = 1, ContextLength = 64, BatchCapacity = 32 });
        ISampler sampler = decoder.CreateSampler(SamplingParameters.Greedy);
        int[] prompt = model.Tokenize(Encoding.UTF8.GetBytes("hello"));
        decoder.Decode([.. prompt.Select((token, i) => new BatchToken(token, i, 0, i == prompt.Length - 1))]);
        var tokens = new List<int> { sampler.Sample(decoder.GetLogits(prompt.Length - 1)) };
        for (int i = 0; i < 16; i++)
        {
            decoder.Decode([new BatchToken(tokens[^1], prompt.Length + i, 0, true)]);
            tokens.Add(sampler.Sample(decoder.GetLogits(0)));
        }

        return tokens;
    }
}
