using Orchard.Formatting;

namespace Orchard;

/// <summary>What a model's chat template can express, found by rendering conversations with it when first asked. Thread-safe.</summary>
public sealed class ChatTemplateInfo
{
    private readonly ChatFormatter _formatter;
    private readonly Lazy<TemplateProbe> _probe;

    internal ChatTemplateInfo(ChatFormatter formatter)
    {
        _formatter = formatter;
        _probe = new Lazy<TemplateProbe>(() => TemplateProbe.Of(formatter));
    }

    /// <summary>Whether the model brings a chat template; without one it is spoken to in ChatML.</summary>
    public bool IsModelsOwn => !_formatter.Templates.IsFallback;

    /// <summary>
    /// Names of the model's templates beside its main one, such as <c>tool_use</c>: what <see cref="GenerationOptions.ChatTemplate"/> takes.
    /// </summary>
    public IReadOnlyList<string> Names => _formatter.Templates.Names;

    /// <summary>Whether a system message gets into the prompt.</summary>
    public bool SupportsSystemRole => _probe.Value.System;

    /// <summary>Whether descriptions of tools get into the prompt.</summary>
    public bool SupportsTools => _probe.Value.Tools;

    /// <summary>Whether the template knows of a model that thinks before it answers.</summary>
    public bool SupportsThinking => _probe.Value.Thinking;
}
