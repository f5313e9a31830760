using System.Buffers.Binary;
using System.Net.Sockets;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

public sealed class BadInputTests(EngineFixture fixture)
{
    private Client Client => fixture.Client;

    [Fact]
    public async Task Chat_UnknownModel_SaysWhatIsKnown()
    {
        var error = await Assert.ThrowsAsync<ModelNotFoundException>(() => Client.ChatAsync("gpt-17", "Hi").OrBroken("the refusal"));

        Assert.Contains("'starter'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_ModelFileMissing_NamesThePath()
    {
        string path = Path.Combine(fixture.EngineRoot, "missing.gguf");

        var error = await Assert.ThrowsAsync<ModelNotFoundException>(() => Client.ChatAsync(path, "Hi").OrBroken("the refusal"));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", 0)]
    [InlineData("cut inside the header", 5_000)]
    [InlineData("cut inside the weights", 2_000_000)]
    [InlineData("cut by one byte", 3_897_439)]
    public async Task Chat_ModelFileTruncated_SaysSoAndTheEngineLives(string what, int length)
    {
        string path = Path.Combine(fixture.EngineRoot, $"{what.Replace(' ', '-')}.gguf");
        byte[] whole = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"));
        await File.WriteAllBytesAsync(path, whole[..length]);

        var error = await Assert.ThrowsAsync<ModelLoadException>(() => Client.ChatAsync(path, "Hi").OrBroken("the refusal"));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        await StillAnswersAsync();
    }

    [Fact]
    public async Task Chat_FileIsNotGguf_SaysSo()
    {
        string path = Path.Combine(fixture.EngineRoot, "notes.gguf");
        await File.WriteAllTextAsync(path, "These are notes, not weights. They only have the ending of a model file.");

        var error = await Assert.ThrowsAsync<ModelLoadException>(() => Client.ChatAsync(path, "Hi").OrBroken("the refusal"));

        Assert.Contains("GGUF", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_ModelMendedAfterAFailure_LoadsOnTheNextCall()
    {
        string path = Path.Combine(fixture.EngineRoot, "mended.gguf");
        await File.WriteAllBytesAsync(path, []);
        await Assert.ThrowsAsync<ModelLoadException>(() => Client.ChatAsync(path, "Hi").OrBroken("the refusal"));

        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"), path, overwrite: true);

        await Client.ChatAsync(path, "Hi").OrBroken("the answer of the mended model");
    }

    [Fact]
    public async Task Chat_PromptLongerThanTheContext_GivesBothNumbers()
    {
        string prompt = string.Join(' ', Enumerable.Range(0, 1_000));

        var error = await Assert.ThrowsAsync<ContextLengthExceededException>(() => Client.ChatAsync("starter", prompt).OrBroken("the refusal"));

        Assert.Equal(2048, error.ContextLength);
        Assert.True(error.PromptTokens > 1_000, $"prompt tokens: {error.PromptTokens}");
        Assert.Contains("2048", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{error.PromptTokens}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_NoMessages_IsABadArgument() =>
        Assert.Equal("messages", (await Assert.ThrowsAsync<ArgumentException>(() => Client.ChatAsync("starter", (IReadOnlyList<Message>)[]))).ParamName);

    [Fact]
    public void ChatStream_BadArgument_ThrowsBeforeTheStreamIsRead() =>
        Assert.Throws<ArgumentException>(() => Client.ChatStreamAsync("starter", [new Message(MessageRole.User, "no list of calls") { ToolCalls = null! }]));

    [Fact]
    public async Task ChatBatch_NoConversations_IsABadArgument() =>
        Assert.Equal("conversations", (await Assert.ThrowsAsync<ArgumentException>(() => Client.ChatBatchAsync("starter", []))).ParamName);

    [Fact]
    public void ChatStream_BestOfMoreThanItGives_IsABadArgument() =>
        Assert.Equal(
            "BestOf", Assert.Throws<ArgumentException>(() => Client.ChatStreamAsync("starter", "Hi", new GenerationOptions { BestOf = 2 })).ParamName);

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public async Task Chat_AbsurdMaxTokens_IsABadArgument(int maxTokens)
    {
        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Client.ChatAsync("starter", "Hi", new GenerationOptions { MaxOutputTokens = maxTokens }));

        Assert.Equal("MaxOutputTokens", error.ParamName);
    }

    [Fact]
    public async Task RequestSocket_FrameWithAFalseLength_OnlyThatConnectionIsClosed()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(fixture.EngineRoot, "ipc", "requests.ipc")));
        byte[] hello = [0x00, 0x53, 0x50, 0x00, 0x00, 0x50, 0x00, 0x00];
        byte[] frame = new byte[9];
        frame[0] = 1;
        BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(1), ulong.MaxValue / 2);
        await socket.SendAsync(hello);
        await socket.SendAsync(frame);

        byte[] answer = new byte[64];
        int received = 0;
        int count;
        while ((count = await socket.ReceiveAsync(answer.AsMemory(received)).AsTask().OrBroken("the engine to close the connection")) > 0)
        {
            received += count;
        }

        Assert.Equal(8, received); // the engine's own header, then the end
        await StillAnswersAsync();
    }

    private async Task StillAnswersAsync() =>
        Assert.Contains("Paris", (await Client.ChatAsync("starter", "What is the capital of France?").OrBroken("the next answer")).Text, StringComparison.Ordinal);
}
