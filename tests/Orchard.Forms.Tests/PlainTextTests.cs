using System.Text;
using System.Text.Json;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Formatting;
using Orchard.Protocol.Messages.Management;
using Orchard.TestSupport;

namespace Orchard.Forms.Tests;

/// <summary>What is said in a conversation never becomes a mark of the template's, whatever tokens the vocabulary has.</summary>
public sealed class PlainTextTests : IDisposable
{
    private const TokenAttributes Marks =
        TokenAttributes.Control | TokenAttributes.UserDefined | TokenAttributes.Unknown | TokenAttributes.Unused;

    private const string Template =
        "{{ bos_token }}{% for t in tools or [] %}<|tool|>{{ t | tojson }}{% endfor %}{% for m in messages %}"
        + "{% if m.role == 'user' %}<|user|>{{ m.content }}<|end|>{% elif m.role == 'tool' %}[RESULT]{{ m.content }}<|end|>"
        + "{% else %}<|assistant|>{% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}{{ m.content }}"
        + "{% for c in m.tool_calls or [] %}<call>{\"name\": \"{{ c.function.name }}\", \"arguments\": {{ c.function.arguments | tojson }}}</call>{% endfor %}"
        + "<|end|>{% endif %}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

    private readonly TemporaryRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public async Task Marks_InEveryText_AreText_AndThoseOfTheTemplateAreTokens(string tokenizer)
    {
        using LlamaModel model = await LoadAsync(tokenizer);
        string said = string.Join(' ', MarkedVocabulary.Marks.Select(mark => $"a{mark.Text}b {mark.Text}"));

        (int[] harmless, _) = Tokenize(model, "words");
        (int[] tokens, string text) = Tokenize(model, said);

        int[] marks = [.. harmless.Where(token => IsMark(model, token))];
        Assert.True(marks.Length >= 12, $"only {marks.Length} marks of the template are tokens");
        Assert.Equal(marks, tokens.Where(token => IsMark(model, token)));
        Assert.True(text.Split(said).Length == 6, "not all that is said is in the prompt");
        Assert.Equal(Letters(text), Letters(Encoding.UTF8.GetString(BytesOf(model, tokens))));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public async Task EachMark_AsAMessage_IsNotThatToken(string tokenizer)
    {
        using LlamaModel model = await LoadAsync(tokenizer);
        foreach ((string mark, int _) in MarkedVocabulary.Marks)
        {
            (int[] harmless, _) = Tokenize(model, "x");
            (int[] tokens, _) = Tokenize(model, mark);

            Assert.Equal(harmless.Count(token => IsMark(model, token)), tokens.Count(token => IsMark(model, token)));
        }
    }

    [Fact]
    public async Task ControlTexts_AreAllThatTheLibraryFindsInText()
    {
        using LlamaModel model = await LoadAsync("gpt2");

        Assert.Equal(MarkedVocabulary.Marks.Select(mark => mark.Text).Order(StringComparer.Ordinal), model.ControlTexts.Order(StringComparer.Ordinal));
    }

    // In the positions of a user's text, a result, a description, an argument and the reasoning.
    private static (int[] Tokens, string Text) Tokenize(LlamaModel model, string said)
    {
        ChatFormatter formatter = ChatFormatter.For(new ModelFacts
        {
            ChatTemplate = Template,
            ControlTokens = model.ControlTexts,
            BeginToken = model.BeginText,
            EndToken = model.EndText,
        });
        string arguments = new System.Text.Json.Nodes.JsonObject { ["key"] = said }.ToJsonString();
        RenderedPrompt prompt = formatter.Render(
            [
                Message.User(said),
                new Message(MessageRole.Assistant, "") { Reasoning = said, ToolCalls = [new ToolCall("call00001", "look_up", arguments)] },
                Message.Tool("call00001", said),
            ],
            new PromptInputs { Tools = [new Tool("look_up", said, JsonElement.Parse("""{"type": "object", "properties": {"key": {"type": "string"}}}"""))] });
        return (model.Tokenize(Encoding.UTF8.GetBytes(prompt.Text), prompt.Plain), prompt.Text);
    }

    private static bool IsMark(LlamaModel model, int token) => (model.Handle.GetAttributes(token) & Marks) != 0;

    // Marks have no bytes of their own.
    private static byte[] BytesOf(LlamaModel model, int[] tokens)
    {
        var bytes = new List<byte>();
        byte[] piece = new byte[64];
        foreach (int token in tokens)
        {
            int length = model.GetBytes(token, piece);
            bytes.AddRange(length > 0 ? piece[..length] : Encoding.UTF8.GetBytes(model.Handle.GetText(token)!));
        }

        return [.. bytes];
    }

    // Some tokenizers add white space at marks.
    private static string Letters(string text) => string.Concat(text.Where(static character => !char.IsWhiteSpace(character)));

    private Task<LlamaModel> LoadAsync(string tokenizer)
    {
        string path = Path.Combine(_root.Path, $"{tokenizer}.gguf");
        MarkedVocabulary.Write(path, tokenizer);
        return LlamaModel.LoadAsync(path, settings: null, null, TestContext.Current.CancellationToken);
    }
}
