using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Formatting;
using Orchard.Protocol.Messages.Management;
using Orchard.TestModels;
using Orchard.TestSupport;

namespace Orchard.Vocabularies.Tests;

/// <summary>
/// What is said in a conversation never becomes a mark of the template's, and stays the text that it is, with every tokenizer and every type
/// of token.
/// </summary>
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

    private const int Positions = 5;

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TemporaryRoot _root = new();

    public static TheoryData<string> Tokenizers => [.. MarkedVocabulary.Tokenizers];

    // The marks as they are written, and as some tokenizers find them.
    private static IEnumerable<string> Said => MarkedVocabulary.Marks
        .SelectMany(static mark => (string[])[mark.Text, mark.Text.Replace('\u2581', ' '), mark.Text.Trim('\u2581')])
        .Distinct();

    public void Dispose() => _root.Dispose();

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public async Task Marks_InEveryText_AreText_AndThoseOfTheTemplateAreTokens(string tokenizer)
    {
        using LlamaModel model = await LoadAsync(tokenizer);
        string said = string.Join(' ', Said.Select(static mark => $"a{mark}b {mark}"));

        (int[] harmless, _) = Tokenize(model, "words");
        (int[] tokens, string text) = Tokenize(model, said);

        int[] marks = [.. harmless.Where(token => IsMark(model, token))];
        Assert.True(marks.Length >= 12, $"only {marks.Length} marks of the template are tokens");
        Assert.Equal(marks, tokens.Where(token => IsMark(model, token)));
        Assert.Equal(Positions + 1, text.Split(said).Length);
        string expected = CanSpellOneCharacter(tokenizer) ? text : text.Replace(MarkedVocabulary.OneCharacter, "<unk>", StringComparison.Ordinal);
        Assert.Equal(Letters(expected), Letters(Encoding.UTF8.GetString(BytesOf(model, tokens))));
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public async Task EachMark_AsAMessage_IsNotThatToken(string tokenizer)
    {
        using LlamaModel model = await LoadAsync(tokenizer);
        (int[] harmless, _) = Tokenize(model, "x");
        int expected = harmless.Count(token => IsMark(model, token));

        foreach (string said in Said.SelectMany(static mark => (string[])[mark, $" {mark} ", $"{mark}{mark}", mark.ToUpperInvariant()]))
        {
            (int[] tokens, _) = Tokenize(model, said);

            Assert.True(expected == tokens.Count(token => IsMark(model, token)), $"'{said}' has a mark");
        }
    }

    // Models are trained with such tokens as text, and nothing can be made of a run of white space or of one character that could be
    // mistaken for a mark.
    [Theory]
    [MemberData(nameof(Tokenizers))]
    public async Task UserDefinedWhiteSpaceAndCharacters_StayTheTokensThatTheyAre(string tokenizer)
    {
        using LlamaModel model = await LoadAsync(tokenizer);
        string ordinary = string.Concat(MarkedVocabulary.Ordinary.Select(static text => $"a{text}b"));

        int others = Tokenize(model, "words").Tokens.Count(IsOrdinary);
        int[] alone = [.. Tokenize(model, ordinary).Tokens.Where(IsOrdinary)];
        int[] besideMarks = [.. Tokenize(model, $"{ordinary}<|end|>").Tokens.Where(IsOrdinary)];

        Assert.Equal((Positions * MarkedVocabulary.Ordinary.Count) - EscapedInJson, alone.Length - others);
        Assert.Equal(alone, besideMarks);

        bool IsOrdinary(int token) => MarkedVocabulary.Ordinary.Contains(model.Handle.GetText(token));
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public async Task TextWithoutMarks_IsTokenizedAsTheLibraryDoes(string tokenizer)
    {
        using LlamaModel model = await LoadAsync(tokenizer);
        byte[] prompt = Encoding.UTF8.GetBytes("<s><|user|>Two  words,\n\nand 3 more: →.<|end|><|assistant|>");

        int[] expected = model.Tokenize(prompt, addSpecial: false, parseSpecial: true);

        Assert.Equal(expected, model.Tokenize(prompt));
    }

    // The description and the argument are written as JSON, in which new lines are escaped. In the argument, so are characters beyond the
    // first 65,536: .NET has written it.
    private static int EscapedInJson =>
        (2 * MarkedVocabulary.Ordinary.Count(static text => text.Contains('\n', StringComparison.Ordinal)))
        + MarkedVocabulary.Ordinary.Count(static text => text.Any(char.IsSurrogate));

    // The others have no tokens for bytes.
    private static bool CanSpellOneCharacter(string tokenizer) => tokenizer is not ("bert" or "t5");

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
        string arguments = new JsonObject { ["key"] = said }.ToJsonString(Unescaped);
        RenderedPrompt prompt = formatter.Render(
            [
                Message.User(said),
                new Message(MessageRole.Assistant, "") { Reasoning = said, ToolCalls = [new ToolCall("call00001", "look_up", arguments)] },
                Message.Tool("call00001", said),
            ],
            new PromptInputs { Tools = [new Tool("look_up", said, JsonElement.Parse("""{"type": "object", "properties": {"key": {"type": "string"}}}"""))] });
        return (model.Tokenize(Encoding.UTF8.GetBytes(prompt.Text), prompt.Plain), prompt.Text);
    }

    private static bool IsMark(LlamaModel model, int token) =>
        (model.Handle.GetAttributes(token) & Marks) != 0 && !MarkedVocabulary.Ordinary.Contains(model.Handle.GetText(token));

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

    // Some tokenizers write all letters small, add white space at marks, or cannot tell it from their sign for it.
    private static string Letters(string text) =>
        string.Concat(text.Where(static character => !char.IsWhiteSpace(character) && character != '\u2581')).ToUpperInvariant();

    private Task<LlamaModel> LoadAsync(string tokenizer)
    {
        string path = Path.Combine(_root.Path, $"{tokenizer}.gguf");
        MarkedVocabulary.Write(path, tokenizer);
        return LlamaModel.LoadAsync(path, settings: null, null, TestContext.Current.CancellationToken);
    }
}
