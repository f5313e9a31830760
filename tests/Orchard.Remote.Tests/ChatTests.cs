using System.Text;
using Orchard.TestSupport;

namespace Orchard.Remote.Tests;

/// <summary>Chats with servers of the shapes of vLLM, SGLang, llama-server and Ollama.</summary>
public sealed class ChatTests
{
    [Fact]
    public async Task Chat_Vllm_HasTextUsageAndOrigin()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("Hel", "lo 🌍")));
        await using Client client = Servers.ClientOf(server);

        ChatResult answer = await client.ChatAsync(Servers.Model, "Hi").OrBroken("the answer");

        Assert.Equal("Hello 🌍", answer.Text);
        Assert.Equal(FinishReason.Stop, answer.FinishReason);
        Assert.Equal(new Usage { PromptTokens = 7, CachedTokens = 3, CompletionTokens = 2 }, answer.Usage);
        Assert.Equal(new Uri(server.Address, "/v1"), answer.Origin?.Address);
        Assert.Equal(("cluster", "qwen3"), (answer.Origin?.Source, answer.Origin?.Model));
    }

    [Fact]
    public async Task ChatStream_EveryByteByItself_IsTheSame()
    {
        string events = ": keep-alive\r\n\r\n" + Servers.Answer("Grüße", ", 🌍", " \"x\"\n").Replace("\n\n", "\r\n\r\n", StringComparison.Ordinal);
        await using WireServer server = Servers.Vllm(_ => WireReply.Stream().Trickle(events));
        await using Client client = Servers.ClientOf(server);

        var text = new StringBuilder();
        await foreach (ChatDelta delta in client.ChatStreamAsync(Servers.Model, "Hi"))
        {
            text.Append(delta.Text);
        }

        Assert.Equal("Grüße, 🌍 \"x\"\n", text.ToString());
    }

    [Fact]
    public async Task ChatStream_ConsumerReads_GetsEachPartBeforeTheNextIsSent()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WireServer server = Servers.Vllm(_ =>
            WireReply.Stream().Send(Servers.Text("one")).Await(first.Task).Send(Servers.Text(" two") + Servers.End()));
        await using Client client = Servers.ClientOf(server);

        var parts = new List<string>();
        await foreach (ChatDelta delta in client.ChatStreamAsync(Servers.Model, "Hi"))
        {
            parts.Add(delta.Text);
            first.TrySetResult();
        }

        Assert.Equal(["one", " two", ""], parts);
    }

    [Fact]
    public async Task Chat_ImagesAndSound_AreInTheFieldsOfOpenAI()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("A cat.")));
        await using Client client = Servers.ClientOf(server);
        ContentPart note = new ImagePart(new byte[] { 4 }) { AlternativeText = "[image]" };

        await client.ChatAsync(
            Servers.Model,
            [
                Message.User("See ", ContentPart.Image(new byte[] { 1, 2, 3 }, "image/webp"), ContentPart.Audio(new byte[] { 1 }, "audio/mpeg")),
                Message.Assistant("", [new ToolCall("c1", "f", "{}")]), Message.Tool("c1", [new TextPart("result "), note]),
            ]).OrBroken("the answer");

        string body = Assert.Single(server.Chats).Body;
        Assert.Contains("""{"type":"image_url","image_url":{"url":"data:image/webp;base64,AQID"}}""", body, StringComparison.Ordinal);
        Assert.Contains("""{"type":"input_audio","input_audio":{"data":"AQ==","format":"mp3"}}""", body, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"result [image]\"", body, StringComparison.Ordinal);
    }
}
