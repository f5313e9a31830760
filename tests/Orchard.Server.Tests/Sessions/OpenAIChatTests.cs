using System.ClientModel;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Orchard.TestSupport;

namespace Orchard.Server.Tests.Sessions;

/// <summary>A session of OpenAI's own client with the starter model.</summary>
public sealed class OpenAIChatTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Question = "What is the capital of France?";

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather",
        "Gets the current weather of a city.",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    private readonly ChatClient _chat = new(
        "starter", new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(fixture.Server.Address, "/v1") });

    [Fact]
    public async Task Chat_Question_IsAnswered()
    {
        ChatCompletion completion = await _chat.CompleteChatAsync(
            [new DeveloperChatMessage("Answer in one sentence."), new UserChatMessage(Question)],
            new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 64 }).OrBroken("the answer");

        Assert.Contains("Paris", completion.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal((ChatFinishReason.Stop, "starter"), (completion.FinishReason, completion.Model));
        Assert.True(completion.Usage.InputTokenCount > 0);
        Assert.Equal(completion.Usage.InputTokenCount + completion.Usage.OutputTokenCount, completion.Usage.TotalTokenCount);
        Assert.NotNull(completion.Usage.InputTokenDetails);
    }

    [Fact]
    public async Task Stream_Question_PartsAreTheAnswer()
    {
        var options = new ChatCompletionOptions { Temperature = 0 };
        ChatCompletion whole = await _chat.CompleteChatAsync([new UserChatMessage(Question)], options).OrBroken("the answer");
        var text = new StringBuilder();
        ChatTokenUsage? usage = null;
        ChatFinishReason? reason = null;
        await foreach (StreamingChatCompletionUpdate update in _chat.CompleteChatStreamingAsync([new UserChatMessage(Question)], options))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));
            usage ??= update.Usage;
            reason ??= update.FinishReason;
        }

        Assert.Equal((whole.Content[0].Text, ChatFinishReason.Stop), (text.ToString(), reason));
        Assert.Equal(whole.Usage.TotalTokenCount, usage!.TotalTokenCount);
    }

    [Theory]
    [InlineData("required")]
    [InlineData("named")]
    public async Task Tools_Forced_AreCalled_AndTheirResultIsRead(string choice)
    {
        var options = new ChatCompletionOptions
        {
            Temperature = 0,
            Tools = { Weather },
            ToolChoice = choice == "named" ? ChatToolChoice.CreateFunctionChoice("get_weather") : ChatToolChoice.CreateRequiredChoice(),
            AllowParallelToolCalls = false,
        };
        List<ChatMessage> messages = [new UserChatMessage("What is the weather in Paris?")];

        ChatCompletion asked = await _chat.CompleteChatAsync(messages, options).OrBroken("the call");

        ChatToolCall call = Assert.Single(asked.ToolCalls);
        Assert.Equal((ChatFinishReason.ToolCalls, "get_weather"), (asked.FinishReason, call.FunctionName));
        using JsonDocument arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Equal(JsonValueKind.String, arguments.RootElement.GetProperty("city").ValueKind);

        messages.Add(new AssistantChatMessage(asked));
        messages.Add(new ToolChatMessage(call.Id, """{"weather": "sunny"}"""));
        var later = new ChatCompletionOptions { Temperature = 0, Tools = { Weather } };
        ChatCompletion answered = await _chat.CompleteChatAsync(messages, later).OrBroken("the answer");
        Assert.NotEmpty(answered.Content[0].Text);
    }

    [Fact]
    public async Task Tools_Streamed_CallIsWhole()
    {
        var options = new ChatCompletionOptions
        {
            Temperature = 0,
            Tools = { Weather },
            ToolChoice = ChatToolChoice.CreateRequiredChoice(),
        };
        var arguments = new StringBuilder();
        var ids = new List<string>();
        ChatFinishReason? reason = null;
        await foreach (StreamingChatCompletionUpdate update in _chat.CompleteChatStreamingAsync(
            [new UserChatMessage("What is the weather in Paris?")], options))
        {
            foreach (StreamingChatToolCallUpdate part in update.ToolCallUpdates.Where(part => part.Index == 0))
            {
                arguments.Append(part.FunctionArgumentsUpdate);
                ids.AddRange(new[] { part.ToolCallId }.OfType<string>());
            }

            reason ??= update.FinishReason;
        }

        Assert.Equal(ChatFinishReason.ToolCalls, reason);
        Assert.Single(ids);
        using JsonDocument json = JsonDocument.Parse(arguments.ToString());
        Assert.True(json.RootElement.TryGetProperty("city", out _));
    }

    [Fact]
    public async Task Tools_Parallel_AreSeveralCalls_WholeAndStreamed()
    {
        var options = new ChatCompletionOptions
        {
            Temperature = 0,
            Tools = { Weather },
            ToolChoice = ChatToolChoice.CreateRequiredChoice(),
            AllowParallelToolCalls = true,
        };
        options.Patch.Set("$.min_tool_calls"u8, 2);
        options.Patch.Set("$.max_tool_calls"u8, 2);
        List<ChatMessage> messages = [new UserChatMessage("What is the weather in Paris and in Rome?")];

        ChatCompletion asked = await _chat.CompleteChatAsync(messages, options).OrBroken("the calls");
        var streamed = new SortedDictionary<int, (string Id, string Arguments)>();
        await foreach (StreamingChatCompletionUpdate update in _chat.CompleteChatStreamingAsync(messages, options))
        {
            foreach (StreamingChatToolCallUpdate part in update.ToolCallUpdates)
            {
                (string id, string arguments) = streamed.GetValueOrDefault(part.Index, ("", ""));
                streamed[part.Index] = (id + part.ToolCallId, arguments + part.FunctionArgumentsUpdate);
            }
        }

        Assert.Equal(2, asked.ToolCalls.Select(call => call.Id).Distinct().Count());
        Assert.Equal(2, streamed.Values.Select(call => call.Id).Distinct().Count());
        Assert.Equal(asked.ToolCalls.Select(call => call.FunctionArguments.ToString()), streamed.Values.Select(call => call.Arguments));

        messages.Add(new AssistantChatMessage(asked));
        messages.AddRange(asked.ToolCalls.Select(call => new ToolChatMessage(call.Id, "sunny")));
        ChatCompletion answered = await _chat.CompleteChatAsync(
            messages, new ChatCompletionOptions { Temperature = 0, Tools = { Weather } }).OrBroken("the answer");
        Assert.True(answered.Content.Count > 0 || answered.ToolCalls.Count > 0);
    }

    [Fact]
    public async Task Images_AreRefused_WithTheReason()
    {
        var message = new UserChatMessage(
            ChatMessageContentPart.CreateTextPart(Question),
            ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes([1, 2, 3]), "image/png"));

        var error = await Assert.ThrowsAsync<ClientResultException>(() => _chat.CompleteChatAsync([message]));

        Assert.Equal(400, error.Status);
        Assert.Contains("Part 1 of message 0 is an image. The model 'starter' cannot see", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_Auto_ModelDecides()
    {
        var options = new ChatCompletionOptions { Temperature = 0, Tools = { Weather }, ToolChoice = ChatToolChoice.CreateAutoChoice() };

        ChatCompletion asked = await _chat.CompleteChatAsync(
            [new UserChatMessage("What is the weather in Paris?")], options).OrBroken("the answer");

        Assert.True(asked.ToolCalls.Count > 0 == (asked.FinishReason == ChatFinishReason.ToolCalls));
        Assert.True(asked.ToolCalls.Count > 0 || asked.Content[0].Text.Length > 0);
    }

    [Fact]
    public async Task StructuredOutput_Schema_IsFollowed()
    {
        var options = new ChatCompletionOptions
        {
            Temperature = 0,
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
                "capital",
                BinaryData.FromString("""
                    {"type": "object", "required": ["city"], "additionalProperties": false,
                     "properties": {"city": {"type": "string", "maxLength": 20}}}
                    """),
                jsonSchemaIsStrict: true),
        };

        ChatCompletion completion = await _chat.CompleteChatAsync([new UserChatMessage(Question)], options).OrBroken("the answer");

        using JsonDocument json = JsonDocument.Parse(completion.Content[0].Text);
        Assert.Equal(JsonValueKind.String, json.RootElement.GetProperty("city").ValueKind);
    }

    [Fact]
    public async Task Logprobs_AreReturned()
    {
        var options = new ChatCompletionOptions { Temperature = 0, IncludeLogProbabilities = true, TopLogProbabilityCount = 3 };

        ChatCompletion completion = await _chat.CompleteChatAsync([new UserChatMessage(Question)], options).OrBroken("the answer");

        Assert.Equal(
            completion.Content[0].Text, string.Concat(completion.ContentTokenLogProbabilities.Select(token => token.Token)));
        Assert.All(completion.ContentTokenLogProbabilities, token => Assert.Equal(3, token.TopLogProbabilities.Count));
    }

    [Fact]
    public async Task Error_UnknownModel_IsNotFound_AndTriedOnce()
    {
        var chat = new ChatClient(
            "no-such-model", new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(fixture.Server.Address, "/v1") });

        var error = await Assert.ThrowsAsync<ClientResultException>(() => chat.CompleteChatAsync([new UserChatMessage(Question)]));

        Assert.Equal(404, error.Status);
        Assert.Contains("(invalid_request_error: model_not_found)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_BeforeTheFirstPartOfAStream_HasItsStatus()
    {
        var options = new ChatCompletionOptions { Temperature = 3e9f };

        var error = await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            await foreach (StreamingChatCompletionUpdate _ in _chat.CompleteChatStreamingAsync([new UserChatMessage(Question)], options))
            {
            }
        });

        Assert.Equal(400, error.Status);
        Assert.Contains("temperature", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Cancel_InTheMiddleOfAStream_EndsTheGeneration()
    {
        using var stop = new CancellationTokenSource();
        var options = new ChatCompletionOptions();
        options.Patch.Set("$.ignore_eos"u8, true);
        int parts = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (StreamingChatCompletionUpdate _ in _chat.CompleteChatStreamingAsync(
                [new UserChatMessage(Question)], options, stop.Token))
            {
                if (++parts == 5)
                {
                    await stop.CancelAsync();
                }
            }
        });

        await fixture.Server.UntilIdleAsync();
    }
}
