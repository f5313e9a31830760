using Orchard.Server.Errors;

namespace Orchard.Server.Models;

/// <summary>Decides which model a request gets by the name it asks for. Thread-safe.</summary>
/// <param name="registry">The models of the client.</param>
/// <param name="options">What is offered.</param>
internal sealed class ModelNames(ModelRegistry registry, OrchardServerOptions options)
{
    /// <summary>The model that comes with the package.</summary>
    public const string Starter = "starter";

    private const string LatestTag = ":latest"; // some of Ollama's clients append it

    /// <summary>Returns the client's name of a model.</summary>
    /// <param name="requested">The name in the request; null or blank for the default.</param>
    /// <exception cref="ApiException">The model is not named, does not exist or is not offered.</exception>
    public string Resolve(string? requested)
    {
        string name = requested?.Trim() ?? "";
        if (name.Length == 0)
        {
            return options.DefaultModel ?? throw ApiException.Invalid("model", "is missing; it must name a model");
        }

        return FindOffered(name)
            ?? throw ApiException.ModelNotFound(name, "GET /v1/models lists the models of this server; POST /api/pull downloads one.");
    }

    /// <summary>Returns the client's name of a model; null if it does not exist or is not offered.</summary>
    /// <param name="name">The name in the request.</param>
    public string? FindOffered(string name) =>
        Find(name) ?? (name.EndsWith(LatestTag, StringComparison.OrdinalIgnoreCase) ? Find(name[..^LatestTag.Length]) : null);

    private string? Find(string name) =>
        options.Aliases.TryGetValue(name, out string? target) ? target
        : name.Equals(Starter, StringComparison.OrdinalIgnoreCase) || IsOffered(name) ? name
        : IsFile(name) ? options.AllowFilePaths ? Existing(name) : null
        : Existing(name);

    private bool IsOffered(string name) => options.Models.Contains(name, StringComparer.OrdinalIgnoreCase);

    // A request must not learn which files there are, and a path of Windows can even send credentials to another machine.
    private static bool IsFile(string name) => !HubNames.Is(name) || Path.Exists(name);

    // A model of the hub that is not stored has no path yet.
    private string? Existing(string name)
    {
        try
        {
            return registry.GetStatus(name).Path.Length > 0 ? name : null;
        }
        catch (ModelNotFoundException)
        {
            return null;
        }
    }
}
