using Orchard.Formatting;

namespace Orchard;

/// <summary>
/// The capabilities of a model's chat template, determined on first access by rendering sample conversations. Thread-safe.
/// </summary>
public sealed class ChatTemplateInfo
{
    private readonly ChatFormatter _formatter;
    private readonly Lazy<TemplateSupport> _support;
    private readonly Lazy<bool> _supportsReasoning;
    private readonly Lazy<TemplateToolCalls> _toolCalls;

    internal ChatTemplateInfo(ChatFormatter formatter)
    {
        _formatter = formatter;
        _support = new Lazy<TemplateSupport>(() => formatter.Support);
        _toolCalls = new Lazy<TemplateToolCalls>(() => formatter.ToolCalls);
        _supportsReasoning = new Lazy<bool>(() => formatter.SupportsReasoning);
    }

    /// <summary>Whether the model file contains a chat template; without one, ChatML is used.</summary>
    public bool IsFromModel => !_formatter.Templates.IsFallback;

    /// <summary>
    /// Names of the model's templates besides its main one, such as <c>tool_use</c>, for <see cref="GenerationOptions.ChatTemplate"/>.
    /// </summary>
    public IReadOnlyList<string> Names => _formatter.Templates.Names;

    /// <summary>Whether the prompt includes system messages.</summary>
    public bool SupportsSystemRole => _support.Value.System;

    /// <summary>Whether the prompt includes tool descriptions.</summary>
    public bool SupportsTools => _support.Value.Tools;

    /// <summary>
    /// Whether the form in which the model writes tool calls is known from the template. Otherwise tools are described to the model in a
    /// general form that it may not have been trained on.
    /// </summary>
    public bool HasKnownToolCalls => ToolCalls == TemplateToolCalls.Known;

    /// <summary>
    /// What the template that is used with tools shows of the way in which the model writes tool calls. Unless it is
    /// <see cref="TemplateToolCalls.Known"/>, tools are described to the model in a general form; the log says so when that first happens.
    /// </summary>
    public TemplateToolCalls ToolCalls => _toolCalls.Value;

    /// <summary>Whether the template supports reasoning before the answer.</summary>
    public bool SupportsReasoning => _supportsReasoning.Value;
}
