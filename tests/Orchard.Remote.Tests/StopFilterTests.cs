using Orchard.Remote.Chat;
using Orchard.TestSupport;

namespace Orchard.Remote.Tests;

/// <summary>Stop sequences beyond the number that a server accepts.</summary>
public sealed class StopFilterTests
{
    [Theory]
    [InlineData("abcENDdef", "abc", true)]
    [InlineData("abcEN", "abcEN", false)]
    [InlineData("abcENENDx", "abcEN", true)]
    [InlineData("xxstopENDx", "xx", true)]
    [InlineData("", "", false)]
    public void Add_EverySplit_EndsBeforeTheFirstStopSequence(string text, string expected, bool stops)
    {
        for (int split = 0; split <= text.Length; split++)
        {
            var filter = new StopFilter(["END", "stop"]);
            string first = filter.Add(text[..split]);
            string second = filter.Add(text[split..]);
            string rest = filter.HasStopped ? "" : filter.End();

            Assert.Equal((expected, stops), (first + second + rest, filter.HasStopped));
        }
    }

    [Fact]
    public async Task Chat_FifthStopSequenceAtOpenAI_EndsTheAnswerAndTheRequest()
    {
        await using WireServer server = Servers.Vllm(static _ => WireReply.Stream().Send(Servers.Text("One. Tw")).Send(Servers.Text("o. STOP here")).Hang());
        await using Client client = Servers.ClientOf(server, static endpoint => endpoint.Kind = RemoteKind.OpenAI);
        var options = new GenerationOptions { StopSequences = ["1", "2", "3", "4", "STOP"] };

        ChatResult answer = await client.ChatAsync(Servers.Model, "Hi", options).OrBroken("the answer");

        Assert.Equal(("One. Two. ", FinishReason.Stop), (answer.Text, answer.FinishReason));
        Assert.Equal(4, server.Chats[0].Find("stop")!.Value.GetArrayLength());
        await server.Chats[0].Closed.OrBroken("the server to notice");
    }

    [Fact]
    public async Task Chat_NoStopSequenceIsFound_TheAnswerIsComplete()
    {
        await using WireServer server = Servers.Vllm(static _ => WireReply.Chunked(Servers.Answer("One. ", "STO")));
        await using Client client = Servers.ClientOf(server, static endpoint => endpoint.Kind = RemoteKind.OpenAI);
        var options = new GenerationOptions { StopSequences = ["1", "2", "3", "4", "STOP"] };

        ChatResult answer = await client.ChatAsync(Servers.Model, "Hi", options).OrBroken("the answer");

        Assert.Equal(("One. STO", 2), (answer.Text, answer.Usage.CompletionTokens));
    }
}
