using Orchard.TestModels;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Adapters that the tests write for the starter model: of rank 1 and random, so that they turn its answers into something else.</summary>
public sealed class LoraTests(EngineFixture fixture)
{
    private const string Question = "What is the capital of France?";
    private const string Answer = "The capital of France is Paris.";

    private Client Client => fixture.Client;

    [Fact]
    public async Task Chat_Adapter_ChangesTheAnswerAndNotThatOfOthers()
    {
        GenerationOptions adapted = new() { MaxOutputTokens = 30, LoraAdapters = [new LoraAdapter(await AdapterAsync(seed: 1))] };

        string with = (await AskAsync(adapted)).Text;

        Assert.NotEqual(Answer, with);
        Assert.Equal(Answer, (await AskAsync(new() { MaxOutputTokens = 30 })).Text); // nothing of it is left, in the prefix cache neither
        Assert.Equal(with, (await AskAsync(adapted)).Text);
    }

    [Fact]
    public async Task Chat_ScaleZero_IsTheModelAsItIs() => Assert.Equal(
        Answer, (await AskAsync(new() { MaxOutputTokens = 30, LoraAdapters = [new LoraAdapter(await AdapterAsync(seed: 2), scale: 0)] })).Text);

    [Fact]
    public async Task ChatBatch_DifferentAdapters_EachAnswersAsAlone()
    {
        GenerationOptions[] options =
        [
            new() { MaxOutputTokens = 30 },
            new() { MaxOutputTokens = 30, LoraAdapters = [new LoraAdapter(await AdapterAsync(seed: 3))] },
            new() { MaxOutputTokens = 30, LoraAdapters = [new LoraAdapter(await AdapterAsync(seed: 4))] },
            new() { MaxOutputTokens = 30, LoraAdapters = [new LoraAdapter(await AdapterAsync(seed: 3), 0.5), new LoraAdapter(await AdapterAsync(seed: 4), 0.5)] },
        ];
        ChatResult[] alone = [await AskAsync(options[0]), await AskAsync(options[1]), await AskAsync(options[2]), await AskAsync(options[3])];

        IReadOnlyList<ChatResult> together = await Client
            .ChatBatchAsync("starter", [.. options.Concat(options).Select(one => new ChatPrompt([Message.User(Question)], one))]).OrBroken("the batch");

        Assert.Equal([.. alone.Concat(alone).Select(answer => answer.Text)], together.Select(answer => answer.Text));
        Assert.Equal(Answer, alone[0].Text);
        Assert.NotEqual(alone[1].Text, alone[2].Text);
    }

    [Fact]
    public async Task Chat_PromptThatOutgrowsTheRoomOfAFreshModel_KeepsItsAdapter()
    {
        string model = fixture.CopyOfStarter();
        string question = string.Concat(Enumerable.Repeat("Apples and pears. ", 150)) + Question;
        GenerationOptions plain = new() { MaxOutputTokens = 8, UsePrefixCache = false }; // a GPU may round differently, which shows later
        GenerationOptions adapted = plain with { LoraAdapters = [new LoraAdapter(await AdapterAsync(seed: 6))] };
        Task<ChatResult> AskAsync(string text, GenerationOptions options) => Client.ChatAsync(model, text, options).OrBroken("the answer");
        await AskAsync("Hello", adapted);

        string first = (await AskAsync(question, adapted)).Text;

        Assert.NotEqual((await AskAsync(question, plain)).Text, first);
        Assert.Equal((await AskAsync(question, adapted)).Text, first);
    }

    [Theory]
    [InlineData("another architecture")]
    [InlineData("another width")]
    [InlineData("an unknown tensor")]
    [InlineData("a half")]
    [InlineData("a model")]
    [InlineData("garbage")]
    public async Task Chat_FileThatIsNoAdapterOfTheModel_IsRefusedAndTheEngineLives(string fault)
    {
        string path = fault switch
        {
            "another architecture" => await AdapterAsync(seed: 5, architecture: "bert"),
            "another width" => await AdapterAsync(seed: 5, widthBeyond: 8),
            "an unknown tensor" => await AdapterAsync(seed: 5, tensor: "blk.99.attn_q.weight"),
            "a half" => await AdapterAsync(seed: 5, half: true),
            "a model" => fixture.CopyOfStarter(),
            _ => fixture.NewModelPath(),
        };
        if (fault == "garbage")
        {
            await File.WriteAllTextAsync(path, "no adapter");
        }

        var error = await Assert.ThrowsAsync<RequestRejectedException>(() => AskAsync(new() { LoraAdapters = [new LoraAdapter(path)] }));

        Assert.Equal("invalid_request", error.Code);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(Answer, (await AskAsync(new())).Text);
    }

    private Task<ChatResult> AskAsync(GenerationOptions options) => Client.ChatAsync("starter", Question, options).OrBroken("the answer");

    private async Task<string> AdapterAsync(
        int seed, string architecture = "llama", string tensor = "blk.0.attn_output.weight", int widthBeyond = 0, bool half = false)
    {
        string path = Path.Combine(fixture.EngineRoot, $"lora-{seed}-{architecture}-{tensor}-{widthBeyond}-{half}.gguf");
        if (File.Exists(path))
        {
            return path;
        }

        int width = (await Client.Models.EnsureLoadedAsync("starter").OrBroken("the model")).EmbeddingLength!.Value;
        var random = new Random(seed);
        float[] Column(int length) => [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() - 0.5f) * 10)];
        GgufFile file = new GgufFile()
            .Text("general.type", "adapter")
            .Text("general.architecture", architecture)
            .Text("adapter.type", "lora")
            .Number("adapter.lora.alpha", 1f)
            .Tensor($"{tensor}.lora_a", Column(width + widthBeyond), width + widthBeyond, 1);
        if (!half)
        {
            file.Tensor($"{tensor}.lora_b", Column(width), 1, width);
        }

        string unfinished = fixture.NewModelPath();
        file.Save(unfinished);
        File.Move(unfinished, path, overwrite: true);
        return path;
    }
}
