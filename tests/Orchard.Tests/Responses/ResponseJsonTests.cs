using System.Text.Json.Nodes;
using Orchard.Responses;

namespace Orchard.Tests.Responses;

/// <summary>Responses, events and items in OpenAI's JSON.</summary>
public sealed class ResponseJsonTests
{
    private static readonly MessageItem Message = new(MessageRole.Assistant, "Hé\n\"du\"") { Id = "msg_ab12_1", Status = ResponseItemStatus.Completed };

    private static readonly Response Finished = Create();

    private static Response Create(
        ResponseStatus status = ResponseStatus.Completed, IncompleteReason? reason = null, ResponseError? error = null, GenerationOptions? options = null) => new()
        {
            Id = "resp_ab12",
            CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
            Model = "starter",
            Request = new ResponseRequest
            {
                Input = [MessageItem.User("Go")],
                Instructions = "Be brief.",
                Metadata = new Dictionary<string, string> { ["turn"] = "1" },
                Options = options ?? new GenerationOptions
                {
                    MaxOutputTokens = 50,
                    Temperature = 0.5,
                    ReasoningEffort = ReasoningEffort.Low,
                    MaxToolCalls = 1,
                    ToolChoice = ToolChoice.Named("add"),
                    Tools = [Tool.FromJson("add", "Adds.", """{"type": "object", "properties": {}}""")],
                },
            },
            Status = status,
            IncompleteReason = reason,
            Error = error,
            Usage = status == ResponseStatus.Failed ? null : new Usage { PromptTokens = 5, CachedTokens = 2, CompletionTokens = 7, ReasoningTokens = 3 },
            Output =
        [
            new ReasoningItem("Hm") { Id = "rs_ab12_0", Status = ResponseItemStatus.Completed },
            Message,
            new FunctionCallItem("call_1", "add", "{}") { Id = "fc_ab12_2", Status = ResponseItemStatus.Incomplete, Error = new ToolCallException("cut", "add", "{}") },
        ],
        };

    [Fact]
    public void Response_HasOpenAIsShape() => AssertJson(
        """
        {
          "id": "resp_ab12", "object": "response", "created_at": 1700000000, "status": "completed", "error": null, "incomplete_details": null, "model": "starter",
          "output": [
            {"id": "rs_ab12_0", "type": "reasoning", "status": "completed", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm"}]},
            {"id": "msg_ab12_1", "type": "message", "status": "completed", "role": "assistant",
             "content": [{"type": "output_text", "text": "Hé\n\"du\"", "annotations": [], "logprobs": []}]},
            {"id": "fc_ab12_2", "type": "function_call", "status": "incomplete", "call_id": "call_1", "name": "add", "arguments": "{}"}
          ],
          "usage": {"input_tokens": 5, "input_tokens_details": {"cached_tokens": 2}, "output_tokens": 7, "output_tokens_details": {"reasoning_tokens": 3}, "total_tokens": 12},
          "instructions": "Be brief.", "metadata": {"turn": "1"}, "previous_response_id": null, "store": false, "background": false,
          "max_output_tokens": 50, "temperature": 0.5, "top_p": null, "top_logprobs": 0, "truncation": "disabled",
          "reasoning": {"effort": "low", "summary": null}, "text": {"format": {"type": "text"}},
          "parallel_tool_calls": false, "tool_choice": {"type": "function", "name": "add"},
          "tools": [{"type": "function", "name": "add", "description": "Adds.", "parameters": {"type": "object", "properties": {}}, "strict": false}]
        }
        """,
        ResponseJson.Serialize(Finished));

    [Fact]
    public void ResponseThatDidNotSucceed_SaysWhy()
    {
        JsonNode failed = JsonNode.Parse(ResponseJson.Serialize(Create(ResponseStatus.Failed, error: new ResponseError { Code = "engine_died", Message = "It died." })))!;
        JsonNode cut = JsonNode.Parse(ResponseJson.Serialize(Create(ResponseStatus.Incomplete, IncompleteReason.MaxOutputTokens)))!;

        Assert.Equal(("failed", """{"code":"engine_died","message":"It died."}""", null), ((string?)failed["status"], failed["error"]?.ToJsonString(), failed["usage"]));
        Assert.Equal(("incomplete", """{"reason":"max_output_tokens"}"""), ((string?)cut["status"], cut["incomplete_details"]?.ToJsonString()));
    }

    [Fact]
    public void Format_IsWrittenAsOpenAIHasIt()
    {
        var options = new GenerationOptions { ResponseFormat = ResponseFormat.JsonSchema("""{"type": "integer"}""", "age") };

        string json = ResponseJson.Serialize(Create(options: options));

        AssertJson("""{"type": "json_schema", "schema": {"type": "integer"}, "name": "age", "description": "", "strict": true}""", JsonNode.Parse(json)!["text"]!["format"]!.ToJsonString());
    }

    public static TheoryData<ResponseEvent, string> Events => new()
    {
        {
            new OutputItemAddedEvent { SequenceNumber = 2, OutputIndex = 1, ItemId = "msg_ab12_1", Item = new MessageItem(MessageRole.Assistant, "") { Id = "msg_ab12_1", Status = ResponseItemStatus.InProgress } },
            """{"type": "response.output_item.added", "sequence_number": 2, "output_index": 1, "item": {"id": "msg_ab12_1", "type": "message", "status": "in_progress", "role": "assistant", "content": []}}"""
        },
        {
            new ContentPartAddedEvent { SequenceNumber = 3, OutputIndex = 0, ItemId = "rs_1", Part = new ResponseContentPart { Kind = ResponseContentKind.ReasoningText, Text = "" } },
            """{"type": "response.content_part.added", "sequence_number": 3, "output_index": 0, "item_id": "rs_1", "content_index": 0, "part": {"type": "reasoning_text", "text": ""}}"""
        },
        {
            new OutputTextDeltaEvent { SequenceNumber = 4, OutputIndex = 0, ItemId = "msg_1", Delta = "Hi", Logprobs = [Token("Hi", double.NegativeInfinity, new TokenLogprob { Id = 2, Text = "Yo", Bytes = "Yo"u8.ToArray(), Logprob = -0.5 })] },
            """
            {"type": "response.output_text.delta", "sequence_number": 4, "output_index": 0, "item_id": "msg_1", "content_index": 0, "delta": "Hi",
             "logprobs": [{"token": "Hi", "bytes": [72, 105], "logprob": -9999, "top_logprobs": [{"token": "Yo", "bytes": [89, 111], "logprob": -0.5}]}]}
            """
        },
        {
            new OutputTextDoneEvent { SequenceNumber = 5, OutputIndex = 0, ItemId = "msg_1", Text = "Hi" },
            """{"type": "response.output_text.done", "sequence_number": 5, "output_index": 0, "item_id": "msg_1", "content_index": 0, "text": "Hi", "logprobs": []}"""
        },
        {
            new ContentPartDoneEvent { SequenceNumber = 6, OutputIndex = 0, ItemId = "msg_1", Part = new ResponseContentPart { Kind = ResponseContentKind.OutputText, Text = "Hi" } },
            """{"type": "response.content_part.done", "sequence_number": 6, "output_index": 0, "item_id": "msg_1", "content_index": 0, "part": {"type": "output_text", "text": "Hi", "annotations": [], "logprobs": []}}"""
        },
        {
            new OutputItemDoneEvent { SequenceNumber = 7, OutputIndex = 0, ItemId = "fc_1", Item = new FunctionCallItem("call_1", "add", "{}") { Id = "fc_1", Status = ResponseItemStatus.Completed } },
            """{"type": "response.output_item.done", "sequence_number": 7, "output_index": 0, "item": {"id": "fc_1", "type": "function_call", "status": "completed", "call_id": "call_1", "name": "add", "arguments": "{}"}}"""
        },
        {
            new ReasoningTextDeltaEvent { SequenceNumber = 8, OutputIndex = 0, ItemId = "rs_1", Delta = "Hm" },
            """{"type": "response.reasoning_text.delta", "sequence_number": 8, "output_index": 0, "item_id": "rs_1", "content_index": 0, "delta": "Hm"}"""
        },
        {
            new ReasoningTextDoneEvent { SequenceNumber = 9, OutputIndex = 0, ItemId = "rs_1", Text = "Hm" },
            """{"type": "response.reasoning_text.done", "sequence_number": 9, "output_index": 0, "item_id": "rs_1", "content_index": 0, "text": "Hm"}"""
        },
        {
            new FunctionCallArgumentsDeltaEvent { SequenceNumber = 10, OutputIndex = 2, ItemId = "fc_1", Delta = "{" },
            """{"type": "response.function_call_arguments.delta", "sequence_number": 10, "output_index": 2, "item_id": "fc_1", "delta": "{"}"""
        },
        {
            new FunctionCallArgumentsDoneEvent { SequenceNumber = 11, OutputIndex = 2, ItemId = "fc_1", Name = "add", Arguments = "{}" },
            """{"type": "response.function_call_arguments.done", "sequence_number": 11, "output_index": 2, "item_id": "fc_1", "name": "add", "arguments": "{}"}"""
        },
    };

    [Theory]
    [MemberData(nameof(Events), DisableDiscoveryEnumeration = true)]
    public void Event_HasOpenAIsShapeOnOneLine(ResponseEvent told, string expected)
    {
        string json = ResponseJson.Serialize(told);

        AssertJson(expected, json);
        Assert.DoesNotContain('\n', json);
    }

    [Fact]
    public void EventWithASnapshot_HoldsTheResponse()
    {
        ResponseEvent[] events =
        [
            new ResponseCreatedEvent { SequenceNumber = 0, Response = Finished },
            new ResponseInProgressEvent { SequenceNumber = 1, Response = Finished },
            new ResponseCompletedEvent { SequenceNumber = 2, Response = Finished },
            new ResponseIncompleteEvent { SequenceNumber = 3, Response = Finished },
            new ResponseFailedEvent { SequenceNumber = 4, Response = Finished },
        ];

        string[] names = ["created", "in_progress", "completed", "incomplete", "failed"];
        Assert.All(events, (told, index) => AssertJson(
            $$"""{"type": "response.{{names[index]}}", "sequence_number": {{index}}, "response": {{ResponseJson.Serialize(Finished)}}}""", ResponseJson.Serialize(told)));
    }

    [Fact]
    public void Items_AreReadBackAsTheyWere()
    {
        ResponseItem[] items =
        [
            MessageItem.System("Be brief."), MessageItem.User("Hé\n\u0001🦔"), .. Finished.Output.Take(2), new FunctionCallItem("call_1", "add", "{}") { Id = "fc_1" }, new FunctionCallOutputItem("call_1", "3"),
        ];

        Assert.Equal(items.Select(Describe), ResponseJson.ReadInput(ResponseJson.Serialize(items)).Select(Describe));
    }

    [Theory]
    [InlineData("\"Hi\"", "user: Hi")]
    [InlineData("""[{"role": "developer", "content": "a"}, {"role": "user", "content": "b"}]""", "system: a, user: b")]
    [InlineData("""[{"role": "user", "content": [{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}]}]""", "user: ab")]
    [InlineData("""[{"type": "reasoning", "summary": [{"type": "summary_text", "text": "s"}], "encrypted_content": "x"}]""", "reasoning: s")]
    [InlineData("""[{"type": "reasoning", "summary": [], "content": null}]""", "reasoning: ")]
    [InlineData("""[{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "3"}]}]""", "output of c: 3")]
    public void Input_IsReadInAllItsForms(string json, string expected) => Assert.Equal(expected, string.Join(", ", ResponseJson.ReadInput(json).Select(item => item switch
    {
        MessageItem message => $"{message.Role.ToString().ToLowerInvariant()}: {message.Text}",
        ReasoningItem reasoning => $"reasoning: {reasoning.Text}",
        FunctionCallOutputItem output => $"output of {output.CallId}: {output.Output}",
        _ => item.Type,
    })));

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("5", "input is Number")]
    [InlineData("[5]", "input[0] is Number")]
    [InlineData("""[{"role": "user", "content": "a"}, {"type": "web_search_call"}]""", "input[1] has the type 'web_search_call'")]
    [InlineData("""[{"type": "item_reference", "id": "msg_1"}]""", "stores nothing between calls")]
    [InlineData("""[{"type": "message", "content": "a"}]""", "input[0] has no 'role'")]
    [InlineData("""[{"role": "tool", "content": "a"}]""", "input[0].role is 'tool'")]
    [InlineData("""[{"role": "user", "content": 5}]""", "input[0].content is Number")]
    [InlineData("""[{"role": "user", "content": [{"type": "input_image", "image_url": "x"}]}]""", "input[0].content[0] cannot be used: The URI does not begin with 'data:'")]
    [InlineData("""[{"role": "user", "content": [{"type": "input_image", "file_id": "x"}]}]""", "input[0].content[0] has no text 'image_url'")]
    [InlineData("""[{"role": "user", "content": [{"type": "hologram"}]}]""", "input[0].content[0] has the type 'hologram'")]
    [InlineData("""[{"role": "user", "content": "a", "status": "done"}]""", "input[0].status is 'done'")]
    [InlineData("""[{"type": "function_call", "call_id": "c", "name": "add"}]""", "input[0] has no 'arguments'")]
    [InlineData("""[{"type": "function_call", "call_id": 1, "name": "add", "arguments": "{}"}]""", "input[0].call_id is Number")]
    [InlineData("""[{"role": "user", "content": "\ud800"}]""", "input[0].content cannot be read as text")]
    public void InputThatIsNotTaken_IsRefusedByItsPlace(string json, string problem)
    {
        var error = Assert.Throws<ArgumentException>(nameof(json), () => ResponseJson.ReadInput(json));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static (string, string?, ResponseItemStatus?, string) Describe(ResponseItem item) => (item.Type, item.Id, item.Status, item switch
    {
        MessageItem message => $"{message.Role} {message.Text}",
        ReasoningItem reasoning => reasoning.Text,
        FunctionCallItem call => $"{call.CallId} {call.Name} {call.Arguments}",
        FunctionCallOutputItem output => $"{output.CallId} {output.Output}",
        _ => "",
    });

    private static TokenLogprob Token(string text, double logprob, TokenLogprob likely) =>
        new() { Id = 1, Text = text, Bytes = System.Text.Encoding.UTF8.GetBytes(text), Logprob = logprob, TopLogprobs = [likely] };

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"Expected: {expected}\nActual:   {actual}");
}
