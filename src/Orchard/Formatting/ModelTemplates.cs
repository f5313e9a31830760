using System.Collections.Concurrent;
using Orchard.Protocol.Messages.Management;
using Orchard.Templates;
using Orchard.Templates.Limits;

namespace Orchard.Formatting;

/// <summary>The chat templates of a model and of its callers. Each is compiled once, when first used. Thread-safe.</summary>
/// <param name="facts">What the engine reports about the model; null if nothing.</param>
internal sealed class ModelTemplates(ModelFacts? facts)
{
    /// <summary>How many templates of callers are kept.</summary>
    public const int MaxForeign = 16;

    private const string DefaultName = "default";

    private readonly string? _own = facts?.ChatTemplate;
    private readonly Dictionary<string, string> _named = (facts?.ChatTemplates ?? [])
        .Where(pair => pair.Value is not null)
        .ToDictionary(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<ChatTemplate>> _compiled = new(StringComparer.Ordinal);
    private int _foreign;

    /// <summary>Whether ChatML is used because the model has no main template.</summary>
    public bool IsFallback => _own is null && !_named.ContainsKey(DefaultName);

    /// <summary>Text of the main template.</summary>
    public string Source => _own ?? _named.GetValueOrDefault(DefaultName, ChatMl.Template);

    /// <summary>Names of the model's templates besides its main one.</summary>
    public IReadOnlyList<string> Names => [.. _named.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Returns a template of the model by its name, a template given as text, or the model's main template.</summary>
    /// <exception cref="ChatTemplateException">The value is none of these.</exception>
    /// <exception cref="TemplateException">The template cannot be parsed. Thrown again by every call.</exception>
    public ChatTemplate Get(string? asked)
    {
        if (asked is null or DefaultName)
        {
            return Compile(Source);
        }

        return _named.TryGetValue(asked, out string? source) ? Compile(source)
            : asked.Contains('{', StringComparison.Ordinal) ? CompileForeign(asked)
            : throw new ChatTemplateException(
                $"The option ChatTemplate is '{(asked.Length > 60 ? asked[..60] + "…" : asked)}', "
                + "which is neither a Jinja template nor one of the model's: "
                + $"{string.Join(", ", Names.Prepend(DefaultName))}.");
    }

    /// <summary>Returns the text of the template that <see cref="Get"/> returns.</summary>
    public string SourceOf(string? asked) => asked is null or DefaultName ? Source : _named.GetValueOrDefault(asked, asked);

    /// <summary>Returns whether the model has a template of this name.</summary>
    public bool Has(string name) => _named.ContainsKey(name);

    private ChatTemplate Compile(string source) =>
        _compiled.GetOrAdd(source, static text => new Lazy<ChatTemplate>(() => ChatTemplate.Parse(text))).Value;

    // Bounded, because callers may create a new template for every call.
    private ChatTemplate CompileForeign(string source)
    {
        if (_compiled.TryGetValue(source, out Lazy<ChatTemplate>? compiled))
        {
            return compiled.Value;
        }

        return Interlocked.Increment(ref _foreign) <= MaxForeign ? Compile(source) : ChatTemplate.Parse(source);
    }
}
