using System.Collections.Concurrent;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;

namespace Orchard.Formatting;

/// <summary>A prompt ready to be sent: its text, and the texts that end the model's turn beyond its own end tokens.</summary>
/// <param name="Text">What the model is to continue.</param>
/// <param name="StopSequences">The texts that end its turn.</param>
internal sealed record RenderedPrompt(string Text, IReadOnlyList<string> StopSequences)
{
    /// <summary>Where <see cref="Text"/> holds no control tokens, whatever it looks like; ascending.</summary>
    public IReadOnlyList<PlainSpan> Plain { get; init; } = [];

    /// <summary>How the model will write its calls and its thinking.</summary>
    public OutputForm Output { get; init; } = new(ToolCallingTokens.None, ThinkingTokens.None);

    /// <summary>The template that wrote it, by name or text; null for the model's first.</summary>
    public string? Template { get; init; }
}

/// <summary>Turns a conversation into a prompt, in the way the model was trained on: by its chat template. No I/O; thread-safe.</summary>
internal sealed class ChatFormatter
{
    private const string MessagesName = "messages";
    private const string ToolTemplate = "tool_use";

    private readonly Lazy<ControlTextGuard> _guard;
    private readonly Dictionary<string, TemplateValue> _modelVariables;
    private readonly ConcurrentDictionary<string, (bool System, bool Tools)> _abilities = new(StringComparer.Ordinal);
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
        try
        {
            return RenderPrompt(messages, inputs ?? PromptInputs.None);
        }
        catch (TemplateException e)
        {
            throw TemplateErrors.ToPublic(e);
        }
    }

    /// <summary>Whether a model is expected to think before it goes on with a prompt.</summary>
    public bool ThinksFirst(RenderedPrompt prompt, PromptInputs inputs) =>
        prompt.Output.HasThinking && (prompt.Output.Thinking.Required || (inputs.Thinking ?? TemplateProbe.ThinksByDefault(this, prompt.Template)));

    private RenderedPrompt RenderPrompt(IReadOnlyList<Message> messages, PromptInputs inputs)
    {
        bool hasTools = inputs.Tools.Count > 0 || messages.Any(message => message.Role == MessageRole.Tool || message.ToolCalls.Count > 0);
        string? template = inputs.Template ?? (hasTools && Templates.Has(ToolTemplate) ? ToolTemplate : null);
        string source = Templates.SourceOf(template);
        OutputForm form = OutputForm.Of(source);
        CheckThinking(inputs, form, source);
        bool describesTools = false;
        if (hasTools)
        {
            (bool system, bool tools) = AbilitiesOf(template);
            describesTools = !tools || !form.HasCalls;
            if (describesTools)
            {
                messages = ToolsAsText.Write(messages, inputs.Tools, system);
                form = form with { Calls = OutputForm.Generic };
            }
        }

        var given = new Dictionary<string, TemplateValue>(inputs.Variables, StringComparer.Ordinal) { [MessagesName] = MessageValues.From(messages) };
        if (inputs.Tools.Count > 0 && !describesTools)
        {
            given["tools"] = JsonValues.From(ToolJson.Template(inputs.Tools));
        }

        if (inputs.Thinking is { } thinking)
        {
            given[TemplateProbe.Switch] = thinking ? TemplateValue.True : TemplateValue.False;
        }

        if (inputs.Effort is { } effort)
        {
            given["reasoning_effort"] = TemplateValue.From(effort);
        }

        char? mark = _guard.Value.Mark(given);
        foreach ((string name, TemplateValue value) in _modelVariables)
        {
            given.TryAdd(name, value); // what the caller says goes
        }

        string text = Templates.Get(template).Render(given, _time);
        var prompt = new RenderedPrompt(text, template is null && Templates.IsFallback ? ChatMl.StopSequences : []) { Output = form.For(text), Template = template };
        if (mark is null)
        {
            return prompt;
        }

        (string unmarked, IReadOnlyList<PlainSpan> plain) = _guard.Value.Unmark(text, mark.Value);
        return prompt with { Text = unmarked, Plain = plain };
    }

    // Templates that callers bring are looked at each time, so that there cannot be too many to remember.
    private (bool System, bool Tools) AbilitiesOf(string? template)
    {
        return template is null || Templates.Has(template) ? _abilities.GetOrAdd(template ?? "", _ => Look(template)) : Look(template);

        (bool System, bool Tools) Look(string? asked) => (TemplateProbe.ShowsSystem(this, asked), TemplateProbe.ShowsTools(this, asked));
    }

    private static void CheckThinking(PromptInputs inputs, OutputForm form, string source)
    {
        bool hasSwitch = source.Contains(TemplateProbe.Switch, StringComparison.Ordinal);
        if (inputs.Thinking == true && !form.HasThinking && !source.Contains("reasoning_effort", StringComparison.Ordinal))
        {
            throw new ChatTemplateException("The options ask the model to think, but its chat template has no form for that. Leave EnableReasoning and ReasoningEffort at null.");
        }

        if (inputs.Thinking == false && form.HasThinking && !hasSwitch)
        {
            throw new ChatTemplateException("EnableReasoning is false, but the model's chat template has no switch for thinking: the model decides. Leave it at null.");
        }
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
