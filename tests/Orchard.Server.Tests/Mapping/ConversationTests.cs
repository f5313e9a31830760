using System.Text.Json;
using Orchard.Responses;
using Orchard.Server.Anthropic.Messages;
using Orchard.Server.Errors;
using Orchard.Server.Generation;
using Orchard.Server.Ollama.Chat;
using Orchard.Server.OpenAI.Chat;
using Orchard.Server.OpenAI.Responses;

namespace Orchard.Server.Tests.Mapping;

/// <summary>Conversations in the shapes of every dialect.</summary>
public sealed class ConversationTests
{
    private const string TwoConversations = """[[{"role": "user", "content": "a"}], [{"role": "user", "content": "b"}]]""";

    [Theory]
    [InlineData("""[{"role": "developer", "content": "a"}, {"role": "user", "content": "b"}]""", "System:a User:b")]
    [InlineData("""[{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "input_text", "text": "b"}, "c"]}]""", "User:abc")]
    [InlineData("""[{"role": "user"}, {"role": "assistant", "content": null, "refusal": "no"}]""", "User: Assistant:no")]
    [InlineData("""[{"role": "assistant", "content": "a", "reasoning_content": "r"}]""", "Assistant:a(r)")]
    [InlineData("""[{"role": "assistant", "content": "a", "reasoning": "r"}]""", "Assistant:a(r)")]
    [InlineData(
        """
        [{"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}},
          {"id": "2", "function": {"name": "g", "arguments": {"b":2}}}, {"id": "3", "function": {"name": "h"}}]},
         {"role": "tool", "tool_call_id": "1", "content": [{"type": "text", "text": "r"}]}, {"role": "tool", "content": "s"}]
        """,
        """Assistant:[1 f {"a":1}][2 g {"b":2}][3 h {}] Tool:r#1 Tool:s""")]
    [InlineData(
        """[{"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}, {"role": "function", "name": "f", "content": "r"}]""",
        "Assistant:[f f {}] Tool:r#f")]
    [InlineData(
        """
        [{"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "null"}},
          {"id": "2", "function": {"name": "g", "arguments": ""}}, {"id": "3", "function": {"name": "h", "arguments": null}}]}]
        """,
        "Assistant:[1 f {}][2 g {}][3 h {}]")]
    public void OpenAI_Chat_IsRead(string json, string expected) =>
        Assert.Equal(expected, Text(ChatMessages.Read(Field("messages", json))));

    [Theory]
    [InlineData("\"s\"", """[{"role": "user", "content": "a"}]""", "System:s User:a")]
    [InlineData(
        """[{"type": "text", "text": "s"}, {"type": "text", "text": "t"}]""",
        """[{"role": "user", "content": "a"}]""",
        "System:s\n\nt User:a")]
    [InlineData(
        """[{"type": "text", "text": "x-anthropic-billing-header: cch=1;"}, {"type": "text", "text": "t"}]""",
        """[{"role": "user", "content": "a"}]""",
        "System:t User:a")]
    [InlineData("\"x-anthropic-billing-header: cch=1;\\nrest\"", """[{"role": "user", "content": "a"}]""", "System:rest User:a")]
    [InlineData("null", """[{"role": "user", "content": [{"type": "document", "source": {"type": "text", "data": "d"}}]}]""", "User:d")]
    [InlineData(
        "null",
        """
        [{"role": "user", "content": "a"},
         {"role": "assistant", "content": [{"type": "thinking", "thinking": "r", "signature": ""}, {"type": "redacted_thinking"},
          {"type": "text", "text": "b"}, {"type": "tool_use", "id": "1", "name": "f", "input": {"a": 1}}]},
         {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "r"},
          {"type": "tool_result", "tool_use_id": "2", "is_error": true}, {"type": "text", "text": "c"}]}]
        """,
        """User:a Assistant:b(r)[1 f {"a": 1}] Tool:r#1 Tool:The tool failed.#2 User:c""")]
    public void Anthropic_Messages_AreRead(string system, string messages, string expected) =>
        Assert.Equal(expected, Text(Conversation.Read(Field("system", system), Field("messages", messages))));

    [Theory]
    [InlineData("null", "")]
    [InlineData("""[{"role": "system", "content": "s"}, {"role": "user", "content": "a", "images": []}]""", "System:s User:a")]
    [InlineData("""[{"role": "assistant", "content": "a", "thinking": "r"}]""", "Assistant:a(r)")]
    [InlineData(
        """
        [{"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}, "id": null},
          {"function": {"index": 1, "name": "g"}}]}, {"role": "tool", "content": "r", "tool_name": "f"},
         {"role": "tool", "content": "{\"CallId\":\"c1\",\"Result\":\"sunny\"}"}]
        """,
        """Assistant:[0_0 f {"a": 1}][0_1 g {}] Tool:r Tool:sunny""")]
    [InlineData(
        """
        [{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "null"}},
          {"function": {"name": "g", "arguments": ""}}]}]
        """,
        "Assistant:[0_0 f {}][0_1 g {}]")]
    public void Ollama_Messages_AreRead(string json, string expected) =>
        Assert.Equal(expected, Text(OllamaMessages.Read(Field("messages", json))));

    [Theory]
    [InlineData("""{"type": "image_url", "image_url": {"url": "data:image/png;base64,AQID", "detail": "low"}}""", "image/png, 3 bytes")]
    [InlineData("""{"type": "input_image", "image_url": "data:image/png;base64,AQID"}""", "image/png, 3 bytes")]
    [InlineData("""{"type": "input_audio", "input_audio": {"data": "AQID", "format": "mp3"}}""", "audio/mpeg, 3 bytes")]
    [InlineData("""{"type": "audio_url", "audio_url": {"url": "data:audio/wav;base64,AQID"}}""", "audio/wav, 3 bytes")]
    [InlineData("""{"type": "file", "file": {"file_data": "data:image/gif;base64,AQID", "filename": "a.gif"}}""", "image/gif, 3 bytes")]
    [InlineData("""{"type": "input_file", "file_data": "data:image/gif;base64,AQID"}""", "image/gif, 3 bytes")]
    [InlineData("""{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AQID"}}""", "image/png, 3 bytes")]
    public void OpenAI_Media_AreRead(string part, string expected)
    {
        Message message = Assert.Single(ChatMessages.Read(Field("messages", $$"""[{"role": "user", "content": ["a", {{part}}]}]""")));

        Assert.Equal(["a", expected], message.Content.Select(static part => part.ToString()));
    }

    [Fact]
    public void Anthropic_Images_AreRead()
    {
        const string image = """{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AQID"}}""";
        IReadOnlyList<Message> messages = Conversation.Read(Field("system", "null"), Field("messages",
            $$"""
            [{"role": "user", "content": [{{image}}, {"type": "text", "text": "a"}]}, {"role": "assistant", "content": "b"},
             {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content":
               [{"type": "text", "text": "c"}, {"type": "text", "text": "d"}, {{image}}]}]}]
            """));

        Assert.Equal(["image/png, 3 bytes", "a"], messages[0].Content.Select(static part => part.ToString()));
        Assert.Equal(["c", "\nd", "image/png, 3 bytes"], messages[2].Content.Select(static part => part.ToString()));
    }

    [Fact]
    public void Ollama_Images_AreBeforeTheText()
    {
        Message message = Assert.Single(OllamaMessages.Read(Field("messages", """[{"role": "user", "content": "a", "images": ["AQID"]}]""")));

        Assert.Equal([typeof(ImagePart), typeof(TextPart)], message.Content.Select(static part => part.GetType()));
    }

    [Theory]
    [InlineData("\"null\"")]
    [InlineData("\" \"")]
    [InlineData("null")]
    public void OpenAI_CallItemWithoutArguments_HasEmptyObject(string arguments)
    {
        string json = $$"""[{"type": "function_call", "call_id": "1", "name": "f", "arguments": {{arguments}}}]""";

        ResponseItem item = Assert.Single(InputItems.Read(Field("input", json), [], static _ => null));

        Assert.Equal("{}", Assert.IsType<FunctionCallItem>(item).Arguments);
    }

    [Theory]
    [InlineData("\"a\"", "message", "")]
    [InlineData("""[{"role": "user", "content": "a"}, {"type": "message", "role": "assistant", "content": []}]""", "message message", "")]
    [InlineData("""[{"type": "reasoning", "summary": [{"type": "summary_text", "text": "r"}]}]""", "reasoning", "")]
    [InlineData("""[{"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"}]""", "function_call", "")]
    [InlineData("""[{"type": "custom_tool_call", "call_id": "1", "name": "f", "input": "x"}]""", "function_call", "")]
    [InlineData("""[{"type": "local_shell_call_output", "call_id": "1", "output": "x"}]""", "function_call_output", "")]
    [InlineData("""[{"type": "item_reference", "id": "known"}]""", "message", "")]
    [InlineData("""[{"type": "web_search_call", "id": "1"}, {"role": "user", "content": "a"}]""", "message", "input[0].web_search_call")]
    public void OpenAI_Items_AreRead(string json, string types, string ignored)
    {
        var left = new List<string>();

        IReadOnlyList<ResponseItem> items = InputItems.Read(
            Field("input", json), left, static id => id == "known" ? MessageItem.User("a") : null);

        Assert.Equal(types, string.Join(' ', items.Select(item => item.Type)));
        Assert.Equal(ignored, string.Join(' ', left));
    }

    [Theory]
    [InlineData("""[{"role": "user", "content": [{"type": "image_url"}]}]""", "messages[0].content[0].image_url")]
    [InlineData("""[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://x/a.png"}}]}]""", "messages[0].content[0].image_url.url")]
    [InlineData("""[{"role": "user", "content": [{"type": "image_url", "image_url": "file:///etc/passwd"}]}]""", "messages[0].content[0].image_url")]
    [InlineData("""[{"role": "user", "content": [{"type": "image_url", "image_url": "data:text/plain,x"}]}]""", "messages[0].content[0].image_url")]
    [InlineData("""[{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]""", "messages[0].content[0]")]
    [InlineData("""[{"role": "user", "content": [{"type": "input_audio"}]}]""", "messages[0].content[0].data")]
    [InlineData("""[{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "AQID", "format": "midi"}}]}]""", "messages[0].content[0].input_audio.format")]
    [InlineData("""[{"role": "user", "content": [{"type": "file", "file": {"file_data": "data:application/pdf;base64,AQID"}}]}]""", "messages[0].content[0]")]
    [InlineData("""[{"role": "user", "content": [{"type": "hologram"}]}]""", "messages[0].content[0].type")]
    [InlineData("""[{"role": "user", "content": 5}]""", "messages[0].content")]
    [InlineData("""[{"content": "a"}]""", "messages[0].role")]
    [InlineData("""[{"role": "assistant", "tool_calls": [{"id": "1"}]}]""", "messages[0].tool_calls[0].custom.name")]
    [InlineData("[]", "messages")]
    [InlineData("null", "messages")]
    public void OpenAI_Chat_ThatCannotBeRead_IsNamed(string json, string param) =>
        Assert.Equal(param, Assert.Throws<ApiException>(() => ChatMessages.Read(Field("messages", json))).Error.Param);

    [Theory]
    [InlineData("""[{"role": "user", "content": "a", "images": ["?"]}]""", "messages[0].images[0]")]
    [InlineData("""[{"role": "user", "content": "a", "images": "aGk="}]""", "messages[0].images")]
    [InlineData("""[{"role": "wizard", "content": "a"}]""", "messages[0].role")]
    public void Ollama_Messages_ThatCannotBeRead_AreNamed(string json, string param) =>
        Assert.Equal(param, Assert.Throws<ApiException>(() => OllamaMessages.Read(Field("messages", json))).Error.Param);

    [Theory]
    [InlineData("""{"max_tokens": [1, 2], "stop": ["a"]}""", "1:a 2:a")]
    [InlineData("""{"max_tokens": 3, "stop": [["a"], ["b", "c"]]}""", "3:a 3:b|c")]
    [InlineData("""{"logit_bias": [[1, 2], [3, 4]]}""", ": :")]
    public void OpenAI_Batch_EachConversationHasItsFields(string fields, string expected)
    {
        var request = new ChatCompletionRequest
        {
            Messages = JsonSerializer.Deserialize<JsonElement>(TwoConversations),
            Fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(fields),
        };

        Assert.True(ChatBatch.Is(request));
        Assert.Equal(expected, string.Join(' ', ChatBatch.ToPrompts(request, []).Select(
            prompt => $"{prompt.Options!.MaxOutputTokens}:{string.Join('|', prompt.Options.StopSequences)}")));
    }

    [Fact]
    public void OpenAI_Batch_WithTooFewValues_IsNamed()
    {
        var request = new ChatCompletionRequest
        {
            Messages = JsonSerializer.Deserialize<JsonElement>(TwoConversations),
            Fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"temperature": [1, 2, 3]}"""),
        };

        Assert.Equal("temperature", Assert.Throws<ApiException>(() => ChatBatch.ToPrompts(request, [])).Error.Param);
    }

    private static Field Field(string name, string json) => new(name, JsonSerializer.Deserialize<JsonElement>(json));

    private static string Text(IReadOnlyList<Message> messages) => string.Join(' ', messages.Select(message =>
        $"{message.Role}:{message.Text}"
        + (message.Reasoning is { } reasoning ? $"({reasoning})" : "")
        + string.Concat(message.ToolCalls.Select(call => $"[{call.Id} {call.Name} {call.Arguments}]"))
        + (message.ToolCallId is { } id ? $"#{id}" : "")));
}
