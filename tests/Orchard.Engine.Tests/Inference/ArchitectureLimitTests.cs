using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Tests.Native;
using Orchard.Protocol.Messages.Requests;
using Orchard.TestModels;
using Orchard.TestModels.Architectures;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Models that this engine or the library cannot use, or only in part.</summary>
public sealed class ArchitectureLimitTests
{
    [Theory]
    [InlineData("t5", "encoder-decoder model", "llama-cli")]
    [InlineData("llada", "diffusion model", "llama-diffusion-cli")]
    [InlineData("dream", "diffusion model", "llama-diffusion-cli")]
    [InlineData("plm", "wrong sizes", "another model")]
    public async Task Load_ArchitectureThatCannotBeUsed_SaysWhatItIsAndWhatToDo(string architecture, string what, string advice)
    {
        using var folder = new TemporaryFolder();
        string path = ModelArchitecture.Named(architecture).Write(Path.Combine(folder.Path, "model.gguf"));

        var error = await Assert.ThrowsAsync<ModelFileException>(() => LoadAsync(path));

        Assert.Contains($"'{architecture}' is", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ArchitectureThatTheLibraryDoesNotKnow_SaysThatAReleaseMay()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.gguf");
        new GgufFile().Text("general.architecture", "llama9").Ones("token_embd.weight", 4).Save(path);

        var error = await Assert.ThrowsAsync<ModelFileException>(() => LoadAsync(path));

        Assert.Contains("unknown model architecture: 'llama9'", error.Message, StringComparison.Ordinal);
        Assert.Contains("newer release of llama.cpp", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rwkv7")]
    [InlineData("arwkv7")]
    public async Task Load_Rwkv7WithSmallHeads_IsRefused(string architecture)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.gguf");
        new GgufFile()
            .Text("general.architecture", architecture)
            .Number($"{architecture}.block_count", 1)
            .Number($"{architecture}.wkv.head_size", 32)
            .Ones("token_embd.weight", 4)
            .Save(path);

        var error = await Assert.ThrowsAsync<ModelFileException>(() => LoadAsync(path));

        Assert.Contains("has heads of 32 numbers, but llama.cpp computes RWKV-7 with multiples of 64 only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Header_DeepSeek4_CountsTheStateOfItsCompressors()
    {
        using var folder = new TemporaryFolder();
        string path = ModelArchitecture.Named("deepseek4").Write(Path.Combine(folder.Path, "model.gguf"));

        // A layer that compresses 4 tokens keeps 8 with twice 64 numbers, and as many for its index; one that compresses 128 keeps these.
        const int Expected = 2 * sizeof(float) * ((8 * 128 * 2) + (128 * 64));
        Assert.Equal(Expected, GgufHeader.Read(path).StateBytes);
    }

    [Theory]
    [InlineData("gpt2", 300, 300)]
    [InlineData("starcoder", 300, 300)]
    [InlineData("llama", 300, 300)]
    public async Task Decode_UpToTheLastPosition_AndNotBeyond(string architecture, int trained, int expected)
    {
        using var folder = new TemporaryFolder();
        string path = ModelArchitecture.Named(architecture).Write(Path.Combine(folder.Path, "model.gguf"), trained);
        using LlamaModel model = await LoadAsync(path);
        var plan = new DecoderPlan(model.Header, ModelSettings.Default with { ContextLength = 512 }, Machine.Current());
        using var decoder = new LlamaDecoder(model, plan.Within(1 << 30) with { SequenceCapacity = 2 });

        Assert.Equal(expected, decoder.ContextLength);
        for (int position = 0; position < expected; position += 50)
        {
            decoder.Decode([.. Enumerable.Range(0, 50).Select(i => new BatchToken(20 + i, position + i, 0, i == 49))]);
        }

        Assert.Throws<ArgumentException>(() => decoder.Decode([new BatchToken(20, expected, 0, true)]));
    }

    [Fact]
    public async Task Tokenize_ModelThatAppendsTheEndToken_LeavesPromptsOpen()
    {
        using var folder = new TemporaryFolder();
        var changed = new Dictionary<string, string?> { ["tokenizer.ggml.add_eos_token"] = "true" };
        using LlamaModel appending = await LoadAsync(ModelArchitecture.Named("llama").Write(Path.Combine(folder.Path, "a.gguf"), changed: changed));
        using LlamaModel plain = await LoadAsync(ModelArchitecture.Named("llama").Write(Path.Combine(folder.Path, "b.gguf")));
        byte[] prompt = Encoding.UTF8.GetBytes("<|im_start|>user\nhello<|im_end|>\nworld<|im_end|>");
        PlainSpan[] spans = [new PlainSpan(17, 5)];

        Assert.Equal(plain.Tokenize(prompt), appending.Tokenize(prompt));
        Assert.Equal(plain.Tokenize(prompt, spans), appending.Tokenize(prompt, spans));
        Assert.Equal(plain.Tokenize("x"u8), appending.Tokenize("x"u8));

        // A text to embed ends as the model was trained.
        Assert.Equal(
            [.. plain.Tokenize("x"u8, addSpecial: true, parseSpecial: false), 2],
            appending.Tokenize("x"u8, addSpecial: true, parseSpecial: false));
    }

    [Fact]
    public async Task LoadAdapter_WithInvocationTokens_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using LlamaModel model = await LoadAsync(ModelArchitecture.Named("llama").Write(Path.Combine(folder.Path, "model.gguf")));
        string path = Path.Combine(folder.Path, "adapter.gguf");
        new GgufFile()
            .Text("general.architecture", "llama")
            .Text("general.type", "adapter")
            .Text("adapter.type", "lora")
            .Number("adapter.lora.alpha", 1f)
            .Numbers("adapter.alora.invocation_tokens", [20, 21])
            .Tensor("blk.0.attn_q.weight.lora_a", new float[64], 64, 1)
            .Tensor("blk.0.attn_q.weight.lora_b", new float[64], 1, 64)
            .Save(path);

        var error = Assert.Throws<ModelFileException>(() => new LlamaAdapters(model).Load([new LoraSettings(path, 1)]));

        Assert.Contains("aLoRA", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private static Task<LlamaModel> LoadAsync(string path) =>
        LlamaModel.LoadAsync(path, settings: null, progress: null, TestContext.Current.CancellationToken);
}
