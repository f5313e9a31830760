using Orchard.Formatting.Templates.Values;
using Orchard.Protocol.Messages;

namespace Orchard.Formatting;

/// <summary>A prompt ready to be sent: its text, and the texts that end the model's turn beyond its own end tokens.</summary>
/// <param name="Text">What the model is to continue.</param>
/// <param name="StopStrings">The texts that end its turn.</param>
internal sealed record RenderedPrompt(string Text, IReadOnlyList<string> StopStrings)
{
    /// <summary>Where <see cref="Text"/> holds no control tokens, whatever it looks like; ascending.</summary>
    public IReadOnlyList<PlainSpan> Plain { get; init; } = [];
}

/// <summary>Turns a conversation into a prompt, in the way the model was trained on: by its chat template. No I/O; thread-safe.</summary>
internal sealed class ChatFormatter
{
    private const string MessagesName = "messages";

    private readonly Lazy<ControlTextGuard> _guard;
    private readonly Dictionary<string, TemplateValue> _modelVariables;
    private readonly TimeProvider _time;

    private ChatFormatter(ModelFacts? facts, TimeProvider time)
    {
        Templates = new ModelTemplates(facts);
        _guard = new Lazy<ControlTextGuard>(() => new ControlTextGuard(facts?.ControlTokens ?? []));
        _modelVariables = ModelVariables(facts);
        _time = time;
    }

    public ModelTemplates Templates { get; }

    /// <summary>The formatter for a model of which the engine says this. One without a template is spoken to in ChatML.</summary>
    /// <param name="facts">What the engine says; null when it says nothing.</param>
    /// <param name="time">Tells templates the date; null for the system's clock.</param>
    public static ChatFormatter For(ModelFacts? facts, TimeProvider? time = null) => new(facts, time ?? TimeProvider.System);

    /// <summary>Renders the messages and opens the assistant's turn. What looks like a control token in what the caller gives stays text.</summary>
    /// <exception cref="ChatTemplateException">The template cannot be rendered, or refuses the conversation; the message names its line.</exception>
    public RenderedPrompt Render(IReadOnlyList<Message> messages, PromptInputs? inputs = null)
    {
        inputs ??= PromptInputs.None;
        var given = new Dictionary<string, TemplateValue>(inputs.Variables, StringComparer.Ordinal) { [MessagesName] = MessageValues.From(messages) };
        char? mark = _guard.Value.Mark(given);
        foreach ((string name, TemplateValue value) in _modelVariables)
        {
            given.TryAdd(name, value); // what the caller says goes
        }

        string text = Templates.Get(inputs.Template).Render(given, _time);
        var prompt = new RenderedPrompt(text, inputs.Template is null && Templates.IsFallback ? ChatMl.StopStrings : []);
        if (mark is null)
        {
            return prompt;
        }

        (string unmarked, IReadOnlyList<PlainSpan> plain) = _guard.Value.Unmark(text, mark.Value);
        return prompt with { Text = unmarked, Plain = plain };
    }

    // The names are Hugging Face's. A model without a begin or end token gives templates an empty text, as llama.cpp does.
    private static Dictionary<string, TemplateValue> ModelVariables(ModelFacts? facts)
    {
        var variables = new Dictionary<string, TemplateValue>(StringComparer.Ordinal)
        {
            ["add_generation_prompt"] = TemplateValue.True,
            ["tools"] = TemplateValue.None,
            ["documents"] = TemplateValue.None,
        };
        foreach ((string name, string? text) in facts?.SpecialTokens ?? [])
        {
            variables[name] = TemplateValue.From(text ?? "");
        }

        variables["bos_token"] = TemplateValue.From(facts?.BeginToken ?? "");
        variables["eos_token"] = TemplateValue.From(facts?.EndToken ?? "");
        return variables;
    }
}
