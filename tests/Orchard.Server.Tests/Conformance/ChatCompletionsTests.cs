using System.ClientModel;
using Microsoft.Extensions.AI;
using Orchard.Extensions.AI.Tests.Conformance;
using Orchard.TestSupport;

namespace Orchard.Server.Tests.Conformance;

/// <summary>What every chat client gives, through OpenAI's client and chat completions.</summary>
public sealed class ChatCompletionsTests(ChatCompletionsHost host) : ChatClientContract(host), IClassFixture<ChatCompletionsHost>
{
    [Fact]
    public async Task NoSuchModel_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => Client.GetResponseAsync(Question, new ChatOptions { ModelId = "no-such-model" }).OrBroken("the refusal"));

        Assert.Equal(404, error.Status);
        Assert.Contains("no-such-model", error.Message, StringComparison.Ordinal);
    }
}

public sealed class ChatCompletionsAnswersTests(ChatCompletionsHost host) : SameAnswersContract(host), IClassFixture<ChatCompletionsHost>;

public sealed class ChatCompletionsHost(EngineFixture engine)
    : HttpHost(engine, client => client.GetChatClient("starter").AsIChatClient());
