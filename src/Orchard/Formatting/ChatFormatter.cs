using Orchard.Formatting.Forms;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;

namespace Orchard.Formatting;

/// <summary>Turns conversations into prompts with a model's chat template. No I/O; thread-safe.</summary>
internal sealed class ChatFormatter
{
    private const string ToolTemplate = "tool_use";

    private readonly TemplateRenderer _renderer;
    private readonly TemplateProbe _probe;
    private readonly Action<TemplateToolCalls>? _onGeneralCalls;
    private int _hasGeneralCalls; // 1 as soon as it was told

    private ChatFormatter(ModelFacts? facts, TimeProvider time, Action<TemplateToolCalls>? onGeneralCalls)
    {
        _onGeneralCalls = onGeneralCalls;
        _renderer = new TemplateRenderer(facts, time);
        _probe = new TemplateProbe(_renderer);
    }

    /// <summary>The model's templates.</summary>
    public ModelTemplates Templates => _renderer.Templates;

    /// <summary>What the main template supports and, for tools, the template that is used with tools.</summary>
    public TemplateSupport Support =>
        new(_probe.Support(template: null).System, _probe.Support(Templates.Has(ToolTemplate) ? ToolTemplate : null).Tools);

    /// <summary>What the template that is used with tools shows of calls.</summary>
    public TemplateToolCalls ToolCalls =>
        _probe.FormOf(Templates.Has(ToolTemplate) ? ToolTemplate : null, default) is var form
            && (form.Form is not null || (Support.Tools && form.HasCalls)) ? TemplateToolCalls.Known
        : form.ShowsCalls ? TemplateToolCalls.Unknown
        : TemplateToolCalls.None;

    /// <summary>Whether the model's template supports reasoning.</summary>
    public bool SupportsReasoning => _probe.SupportsReasoning();

    /// <summary>Creates the formatter for a model. A model without a template gets ChatML.</summary>
    /// <param name="facts">What the engine reports about the model; null if nothing.</param>
    /// <param name="time">Clock for templates that write the date; null for the system clock.</param>
    /// <param name="onGeneralCalls">
    /// Called once, when tools are first described in the general form, with what the template shows instead of a form that is known.
    /// </param>
    public static ChatFormatter For(
        ModelFacts? facts, TimeProvider? time = null, Action<TemplateToolCalls>? onGeneralCalls = null) =>
        new(facts, time ?? TimeProvider.System, onGeneralCalls);

    /// <summary>
    /// Renders a conversation up to the beginning of the assistant's turn. Control tokens in messages are treated as plain text.
    /// </summary>
    /// <exception cref="ChatTemplateException">
    /// The template rejects the conversation or cannot be rendered; the message contains the line number.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public RenderedPrompt Render(
        IReadOnlyList<Message> messages, PromptInputs? inputs = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return RenderPrompt(messages, inputs ?? PromptInputs.None, cancellationToken);
        }
        catch (TemplateException e)
        {
            throw TemplateErrors.ToPublic(e);
        }
    }

    /// <summary>Whether the model is expected to reason before it answers a prompt.</summary>
    public static bool ReasonsFirst(RenderedPrompt prompt, PromptInputs inputs) =>
        prompt.Output.HasThinking
        && (prompt.Output.Thinking.Required || (inputs.Thinking ?? prompt.Output.ReasonsByDefault));

    private RenderedPrompt RenderPrompt(IReadOnlyList<Message> messages, PromptInputs inputs, CancellationToken cancellationToken)
    {
        MediaMarks? media = MediaMarks.For(messages);
        messages = media?.Messages ?? messages;
        bool hasTools = inputs.Tools.Count > 0 || messages.Any(message => message.Role == MessageRole.Tool || message.ToolCalls.Count > 0);
        string? template = inputs.Template ?? (hasTools && Templates.Has(ToolTemplate) ? ToolTemplate : null);
        string source = Templates.SourceOf(template);
        OutputForm form = _probe.FormOf(template, cancellationToken);
        IReadOnlyList<string> ignored = FindUnsupportedReasoning(inputs, form, source);
        bool describesTools = false;
        var fit = new ConversationFit(_probe, template, cancellationToken);
        if (hasTools)
        {
            messages = CallPairs.Join(messages);
            TemplateSupport support = _probe.Support(template, cancellationToken);
            describesTools = !support.Tools || !form.HasCalls;
            if (!support.Tools && form.Form is { } own)
            {
                messages = ToolsAsText.Describe(fit.FitCalls(messages), inputs.Tools, support.System, own);
            }
            else if (describesTools)
            {
                TellOnce(form);
                messages = ToolsAsText.Write(messages, inputs.Tools, support.System);
                form = form with
                {
                    Calls = OutputForm.Generic,
                    Form = null,
                    FormJson = form.FrameJson,
                    History = HistoryForm.Default with { HasContentParts = form.History.HasContentParts },
                };
            }
            else
            {
                messages = fit.FitCalls(messages);
            }
        }

        messages = fit.FitTurns(ReasoningInText.Split(messages, form.Thinking, source));
        (string text, IReadOnlyList<PlainSpan> plain) =
            _renderer.Render(template, messages, Variables(inputs, form, withTools: !describesTools), cancellationToken, form);
        MediaLayout? layout = null;
        if (media is not null)
        {
            (text, plain, layout) = media.Take(text, plain);
        }

        return new RenderedPrompt(text, template is null && Templates.IsFallback ? ChatMl.StopSequences : [])
        {
            Plain = plain,
            Media = layout,
            Output = form.For(text),
            Template = template,
            IgnoredOptions = ignored,
        };
    }

    private void TellOnce(OutputForm form)
    {
        if (Interlocked.Exchange(ref _hasGeneralCalls, 1) == 0)
        {
            _onGeneralCalls?.Invoke(form.ShowsCalls ? TemplateToolCalls.Unknown : TemplateToolCalls.None);
        }
    }

    private static Dictionary<string, TemplateValue> Variables(PromptInputs inputs, OutputForm form, bool withTools)
    {
        var variables = new Dictionary<string, TemplateValue>(inputs.Variables, StringComparer.Ordinal);
        if (inputs.Tools.Count > 0 && withTools)
        {
            variables[TemplateVariables.Tools] = JsonValues.From(ToolJson.Template(inputs.Tools));
        }

        if (inputs.Thinking is { } reasons)
        {
            variables[TemplateVariables.EnableThinking] = reasons ? TemplateValue.True : TemplateValue.False;
            variables.TryAdd(TemplateVariables.Thinking, variables[TemplateVariables.EnableThinking]);
            if (form.Switch?.Set(reasons) is (string name, TemplateValue value))
            {
                variables.TryAdd(name, value);
            }
        }

        if (inputs.Effort is { } effort)
        {
            variables[TemplateVariables.ReasoningEffort] = TemplateValue.From(effort);
        }

        return variables;
    }

    // Names of the options that have no effect.
    private static List<string> FindUnsupportedReasoning(PromptInputs inputs, OutputForm form, string source)
    {
        bool hasEffort = source.Contains(TemplateVariables.ReasoningEffort, StringComparison.Ordinal);
        List<string> ignored = inputs.Effort is not null && !hasEffort ? [nameof(GenerationOptions.ReasoningEffort)] : [];
        string? problem = inputs.Thinking == true && !form.HasThinking && !hasEffort
            ? "The options enable reasoning, but the model's chat template does not support it. "
                + "Leave EnableReasoning and ReasoningEffort at null."
            : inputs.Thinking == false && form.HasThinking && form.Switch is null
            ? "EnableReasoning is false, but the model's chat template cannot switch reasoning off: the model decides. "
                + "Leave EnableReasoning at null."
            : null;
        if (problem is not null)
        {
            ignored.Insert(
                0, inputs.MayIgnoreThinking ? nameof(GenerationOptions.EnableReasoning) : throw new ChatTemplateException(problem));
        }

        return ignored;
    }
}
