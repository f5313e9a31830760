namespace Orchard.Models;

/// <summary>The options of a client for its models. Immutable.</summary>
internal sealed class ModelSettings
{
    private const char TagMark = ':';

    private readonly Dictionary<string, ModelOptions> _byName;
    private readonly ModelOptions _defaults;

    /// <param name="byName">The options of single models, by their names.</param>
    /// <param name="defaults">The options of all other models, and what is null in those of single models.</param>
    public ModelSettings(IEnumerable<KeyValuePair<string, ModelOptions>> byName, ModelOptions defaults)
    {
        _byName = new Dictionary<string, ModelOptions>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, ModelOptions options) in byName)
        {
            _byName[name.Trim()] = options with { };
        }

        _defaults = defaults with { };
    }

    /// <summary>Nothing is specified.</summary>
    public static ModelSettings None { get; } = new([], new ModelOptions());

    /// <summary>Returns the options of a model.</summary>
    /// <param name="names">Its names. The options of a name without a tag apply to all tags.</param>
    /// <param name="first">Options that count before all others; null for none.</param>
    public ModelOptions For(IEnumerable<string> names, ModelOptions? first = null)
    {
        ModelOptions options = first ?? new ModelOptions();
        foreach (string name in names.Distinct())
        {
            options = options.Or(_byName.GetValueOrDefault(name)).Or(_byName.GetValueOrDefault(WithoutTag(name)));
        }

        return options.Or(_defaults);
    }

    private static string WithoutTag(string name) => name.LastIndexOf(TagMark) is > 0 and int mark ? name[..mark] : name;
}
