using System.Collections.Concurrent;
using System.Text.Json;
using Orchard.Formatting.Forms;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;

namespace Orchard.Formatting;

/// <summary>
/// Finds out what a chat template supports by rendering small conversations with it, once per template. Thread-safe.
/// </summary>
internal sealed class TemplateProbe(TemplateRenderer renderer)
{
    private const string Marker = "orchard_probe_7f3a";

    private static readonly Dictionary<string, TemplateValue> NoVariables = [];

    private static readonly HistoryForm WithContentParts = HistoryForm.Default with { HasContentParts = true };

    private static readonly string[] ReasoningSigns = ["<think>", "</think>", "reasoning_content", TemplateVariables.EnableThinking];

    private readonly ConcurrentDictionary<string, bool> _foreign = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HistoryForm> _contents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TemplateSupport> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, OutputForm> _forms = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Template, ConversationCase Example), bool> _cases = new();

    /// <summary>Returns what a template supports.</summary>
    public TemplateSupport Support(string? template, CancellationToken cancellationToken = default)
    {
        return IsRemembered(template) ? _known.GetOrAdd(template ?? "", _ => Probe()) : Probe();

        TemplateSupport Probe() => new(ShowsSystem(template, cancellationToken), ShowsTools(template, cancellationToken));
    }

    /// <summary>Returns how the model writes calls and reasoning with a template.</summary>
    public OutputForm FormOf(string? template, CancellationToken cancellationToken)
    {
        return IsRemembered(template) ? _forms.GetOrAdd(template ?? "", _ => Probe()) : Probe();

        OutputForm Probe()
        {
            OutputForm form = OutputForm.Of(renderer.Templates.SourceOf(template), (messages, variables) => Try(() => renderer.Render(
                template, messages, variables.ToDictionary(static pair => pair.Name, static pair => pair.Value), cancellationToken).Text));
            return ContentForm(template, cancellationToken) is { HasContentParts: true }
                ? form with { History = form.History with { HasContentParts = true } }
                : form;
        }
    }

    /// <summary>
    /// Returns whether a template accepts and completely shows a kind of conversation.
    /// </summary>
    public bool CanShow(string? template, ConversationCase example, CancellationToken cancellationToken)
    {
        return IsRemembered(template) ? _cases.GetOrAdd((template ?? "", example), _ => Probe()) : Probe();

        bool Probe() => Render(example.Example, template, [], cancellationToken) is { } prompt && example.IsShownIn(prompt);
    }

    /// <summary>
    /// Returns whether the main template supports reasoning. Templates that leave it to the model have no switch for it, but contain its
    /// tags.
    /// </summary>
    public bool SupportsReasoning() =>
        Array.Exists(ReasoningSigns, sign => renderer.Templates.Source.Contains(sign, StringComparison.Ordinal))
        || Render(null, null, CancellationToken.None, (TemplateVariables.EnableThinking, TemplateValue.True))
            != Render(null, null, CancellationToken.None, (TemplateVariables.EnableThinking, TemplateValue.False));

    // The model's own templates and the first ones of its callers, who may have a new one for every call.
    private bool IsRemembered(string? template) =>
        template is null || renderer.Templates.Has(template) || _foreign.ContainsKey(template)
        || (_foreign.Count < ModelTemplates.MaxForeign && _foreign.TryAdd(template, true));

    private bool ShowsSystem(string? template, CancellationToken cancellationToken) =>
        Render(Marker, template, cancellationToken)?.Contains(Marker, StringComparison.Ordinal) == true;

    private bool ShowsTools(string? template, CancellationToken cancellationToken)
    {
        using JsonDocument tool = JsonDocument.Parse(
            """
            [{"type":"function","function":{"name":"NAME","description":"Does nothing.",
                "parameters":{"type":"object","properties":{}}}}]
            """.Replace("NAME", Marker, StringComparison.Ordinal));
        string? rendered = Render(null, template, cancellationToken, (TemplateVariables.Tools, JsonValues.From(tool.RootElement)));
        return rendered?.Contains(Marker, StringComparison.Ordinal) == true;
    }

    private string? Render(
        string? system,
        string? template,
        CancellationToken cancellationToken,
        params ReadOnlySpan<(string Name, TemplateValue Value)> variables) =>
        Render(
            system is null ? [Message.User("Hi")] : [Message.System(system), Message.User("Hi")], template, variables, cancellationToken);

    // Null if the template rejects the conversation.
    private string? Render(
        IReadOnlyList<Message> messages,
        string? template,
        ReadOnlySpan<(string Name, TemplateValue Value)> variables,
        CancellationToken cancellationToken)
    {
        var given = new Dictionary<string, TemplateValue>(StringComparer.Ordinal);
        foreach ((string name, TemplateValue value) in variables)
        {
            given[name] = value;
        }

        HistoryForm form = ContentForm(template, cancellationToken);
        return Try(() => renderer.Render(template, MessageValues.From(messages, form), given, cancellationToken).Text);
    }

    // Some templates of models that see show only contents that are lists of parts.
    private HistoryForm ContentForm(string? template, CancellationToken cancellationToken)
    {
        return IsRemembered(template) ? _contents.GetOrAdd(template ?? "", _ => Probe()) : Probe();

        HistoryForm Probe() => !Shows(HistoryForm.Default) && Shows(WithContentParts) ? WithContentParts : HistoryForm.Default;

        bool Shows(HistoryForm form)
        {
            TemplateValue messages = MessageValues.From([Message.User(Marker)], form);
            string? text = Try(() => renderer.Render(template, messages, NoVariables, cancellationToken).Text);
            return text?.Contains(Marker, StringComparison.Ordinal) == true;
        }
    }

    private static string? Try(Func<string> render)
    {
        try
        {
            return render();
        }
        catch (Exception e) when (e is TemplateException or ChatTemplateException)
        {
            return null;
        }
    }
}
