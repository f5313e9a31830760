using System.Collections.Concurrent;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages;
using Orchard.Templates.Limits;
using Orchard.Templates;

namespace Orchard.Formatting;

/// <summary>A model's chat templates: its own, and those that callers bring. Each is compiled once, when first used. Thread-safe.</summary>
/// <param name="facts">What the engine says of the model; null when it says nothing.</param>
internal sealed class ModelTemplates(ModelFacts? facts)
{
    private const string DefaultName = "default";
    private const int MaxForeign = 16;

    private readonly string? _own = facts?.ChatTemplate;
    private readonly Dictionary<string, string> _named = (facts?.ChatTemplates ?? []).Where(pair => pair.Value is not null).ToDictionary(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<ChatTemplate>> _compiled = new(StringComparer.Ordinal);
    private int _foreign;

    /// <summary>Whether the model is spoken to in ChatML, for want of a template that would suit it better.</summary>
    public bool IsFallback => _own is null && !_named.ContainsKey(DefaultName);

    /// <summary>The main template's text.</summary>
    public string Source => _own ?? _named.GetValueOrDefault(DefaultName, ChatMl.Template);

    /// <summary>The names of the model's templates beside its main one.</summary>
    public IReadOnlyList<string> Names => [.. _named.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A template of the model by its name, a template as text, or the model's main one.</summary>
    /// <exception cref="ChatTemplateException">It is none of those.</exception>
    /// <exception cref="TemplateException">It cannot be parsed; every call fails.</exception>
    public ChatTemplate Get(string? asked)
    {
        if (asked is null or DefaultName)
        {
            return Compile(Source);
        }

        return _named.TryGetValue(asked, out string? source) ? Compile(source)
            : asked.Contains('{', StringComparison.Ordinal) ? CompileForeign(asked)
            : throw new ChatTemplateException(
                $"The option ChatTemplate is '{(asked.Length > 60 ? asked[..60] + "…" : asked)}', which is neither a Jinja template nor one of the model's: {string.Join(", ", Names.Prepend(DefaultName))}.");
    }

    /// <summary>The text of the template that <see cref="Get"/> gives.</summary>
    public string SourceOf(string? asked) => asked is null or DefaultName ? Source : _named.GetValueOrDefault(asked, asked);

    /// <summary>Whether the model has a template of this name.</summary>
    public bool Has(string name) => _named.ContainsKey(name);

    private ChatTemplate Compile(string source) =>
        _compiled.GetOrAdd(source, static text => new Lazy<ChatTemplate>(() => ChatTemplate.Parse(text))).Value;

    // Callers who make a new template for every call must not fill the memory with them.
    private ChatTemplate CompileForeign(string source)
    {
        if (_compiled.TryGetValue(source, out Lazy<ChatTemplate>? compiled))
        {
            return compiled.Value;
        }

        return Interlocked.Increment(ref _foreign) <= MaxForeign ? Compile(source) : ChatTemplate.Parse(source);
    }
}
