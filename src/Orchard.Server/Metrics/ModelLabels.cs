using System.Globalization;
using Orchard.Server.Models;

namespace Orchard.Server.Metrics;

/// <summary>Names models in labels as clients name them, not by the paths of their files. Not thread-safe.</summary>
/// <param name="models">The models that are offered.</param>
internal sealed class ModelLabels(IReadOnlyList<CatalogModel> models)
{
    private const string Identity = "orchard.model.id";
    private const string Requested = "gen_ai.request.model";

    private readonly Dictionary<string, string> _names = [];

    /// <summary>Returns the value of a label.</summary>
    /// <param name="tag">Name and value of a tag.</param>
    public string? Of(KeyValuePair<string, object?> tag)
    {
        string? text = Convert.ToString(tag.Value, CultureInfo.InvariantCulture);
        return text is not null && tag.Key is Identity or Requested && Path.IsPathFullyQualified(text!) ? NameOf(text!) : text;
    }

    private string NameOf(string path)
    {
        if (_names.TryGetValue(path, out string? known))
        {
            return known;
        }

        // Other programs use models that are not offered here; two of them must not become one series.
        string name = models.Where(model => model.Path == path || model.Id == path).Select(static model => model.Name)
            .OrderBy(Path.IsPathFullyQualified).FirstOrDefault() ?? Path.GetFileName(path);
        string unique = name;
        for (int i = 2; _names.ContainsValue(unique) && models.All(model => model.Name != name); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name} ({i})");
        }

        return _names[path] = unique;
    }
}
