using System.Text;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>An answer in pieces and the same answer as a whole have the same text, thoughts, calls and counts.</summary>
public sealed class StreamEqualityTests(EngineFixture fixture)
{
    private static readonly Tool Weather = Tool.FromJson(
        "get_weather", "Get the current weather for a city.", """{"type": "object", "properties": {"city": {"type": "string", "maxLength": 20}}, "required": ["city"]}""");

    private static readonly GenerationOptions Sampled = new() { Temperature = 1.2, TopK = 0, TopP = 1, MinP = 0, IsDeterministic = true, MaxOutputTokens = 80 };

    public static TheoryData<string> Kinds { get; } = ["plain", "thinking", "tools", "required", "json", "tools and json", "thinking and tools", "cut"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Stream_OfTheSameSeed_IsTheSameAnswer(string kind)
    {
        for (uint seed = 1; seed <= 3; seed++)
        {
            GenerationOptions options = Options(kind) with { Seed = seed };

            ChatResult whole = await fixture.Client.ChatAsync("starter", "What is the weather in Paris?", options).OrBroken("the answer");
            ChatResult joined = await JoinAsync(options).OrBroken("the stream");

            Assert.Equal((whole.Text, whole.Reasoning, whole.FinishReason), (joined.Text, joined.Reasoning, joined.FinishReason));
            Assert.Equal(
                whole.ToolCalls.Select(call => (call.Name, call.Arguments, call.Error?.Message)),
                joined.ToolCalls.Select(call => (call.Name, call.Arguments, call.Error?.Message)));
            Assert.Equal(whole.Usage with { CachedTokens = 0 }, joined.Usage with { CachedTokens = 0 });
        }
    }

    private async Task<ChatResult> JoinAsync(GenerationOptions options)
    {
        var text = new StringBuilder();
        var reasoning = new StringBuilder();
        var calls = new List<ToolCall>();
        var arguments = new StringBuilder();
        await foreach (ChatDelta delta in fixture.Client.ChatStreamAsync("starter", "What is the weather in Paris?", options))
        {
            text.Append(delta.Text);
            reasoning.Append(delta.Reasoning);
            foreach (ToolCallDelta piece in delta.ToolCalls)
            {
                arguments.Append(piece.Arguments);
                if (piece.Call is { } call)
                {
                    Assert.Equal(call.Arguments, arguments.ToString());
                    arguments.Clear();
                    calls.Add(call);
                }
            }

            if (delta.FinishReason is { } reason)
            {
                return new ChatResult
                {
                    Text = text.ToString(),
                    Reasoning = reasoning.ToString(),
                    ToolCalls = calls,
                    FinishReason = reason,
                    Usage = delta.Usage!.Value,
                };
            }
        }

        throw new InvalidOperationException("The stream has no end.");
    }

    private static GenerationOptions Options(string kind) => kind switch
    {
        "thinking" => Sampled with { EnableReasoning = true },
        "tools" => Sampled with { Tools = [Weather] },
        "required" => Sampled with { Tools = [Weather], ToolChoice = ToolChoice.Required, MaxToolCalls = 2 },
        "json" => Sampled with { ResponseFormat = ResponseFormat.JsonSchema("""{"type": "object", "properties": {"rank": {"type": "integer"}, "open": {"type": "boolean"}}, "required": ["rank", "open"]}""") },
        "tools and json" => Sampled with { Tools = [Weather], ResponseFormat = ResponseFormat.JsonObject },
        "thinking and tools" => Sampled with { EnableReasoning = true, Tools = [Weather] },
        "cut" => Sampled with { Tools = [Weather], ToolChoice = ToolChoice.Required, MaxOutputTokens = 12 },
        _ => Sampled,
    };
}
