using System.Text.Json;
using Orchard.TestSupport;

namespace Orchard.Conformance.Tests;

public sealed class InMemoryTests(InMemoryHost host) : Contract(host), IClassFixture<InMemoryHost>;

public sealed class SocketTests(SocketHost host) : Contract(host), IClassFixture<SocketHost>;

public sealed class RemoteTests(RemoteHost host) : Contract(host), IClassFixture<RemoteHost>
{
    private readonly RemoteHost _host = host;

    public static TheoryData<string> Conversations => ["question", "system", "tools"];

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task CountTokens_OfAConversation_IsThatOfItsPrompt(string kind)
    {
        await using Client client = await _host.ConnectAsync().OrBroken("a client");
        string model = _host.NameOf("starter");
        Tool weather = new(
            "weather", "Tells the weather.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}"""));
        Message[] messages = kind switch
        {
            "system" => [Message.System("Be brief."), Message.User("One"), Message.Assistant("1"), Message.User("Two")],
            "tools" =>
            [
                Message.User("Weather in Rome?"),
                new Message(MessageRole.Assistant, "") { ToolCalls = [new ToolCall("c1", "weather", """{"city":"Rome"}""")] },
                Message.Tool("c1", "sunny"),
            ],
            _ => [Message.User("What is the capital of France?")],
        };
        var options = new GenerationOptions { MaxOutputTokens = 1, Tools = kind == "tools" ? [weather] : [] };

        ChatResult answer = await client.ChatAsync(model, messages, options).OrBroken("the answer");

        Assert.Equal(answer.Usage.PromptTokens, await client.CountTokensAsync(model, messages, options).OrBroken("the count"));
    }
}

public sealed class RealTests(RealHost host) : Contract(host), IClassFixture<RealHost>;
