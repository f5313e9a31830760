using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Server.Models;

namespace Orchard.Server.Ollama.Models;

/// <summary>Maps models and the progress of downloads to Ollama's JSON. Pure.</summary>
internal static class OllamaModelMapping
{
    /// <summary>Returns the details of a model.</summary>
    public static OllamaModelDescription Describe(CatalogModel model) => new()
    {
        License = model.License ?? "",
        Modelfile = $"FROM {model.Name}\n",
        Parameters = ParametersOf(model.Info?.RecommendedSampling),
        Details = OllamaModelDetails.Of(model),
        ModelInfo = InfoOf(model),
        Capabilities = model.Capabilities,
        ModifiedAt = model.Modified,
    };

    /// <summary>Returns the JSON of progress.</summary>
    public static OllamaProgress ToProgress(ModelLoadProgress progress) => progress.Phase switch
    {
        ModelLoadPhase.Downloading => new OllamaProgress
        {
            Status = "pulling model",
            Digest = "model",
            Total = progress.TotalBytes,
            Completed = progress.LoadedBytes,
        },
        ModelLoadPhase.Verifying => new OllamaProgress { Status = "verifying sha256 digest" },
        _ => new OllamaProgress { Status = "pulling manifest" },
    };

    private static Dictionary<string, JsonElement> InfoOf(CatalogModel model)
    {
        string architecture = model.Architecture ?? "unknown";
        var info = new JsonObject
        {
            ["general.architecture"] = architecture,
            ["general.basename"] = model.File.BaseName ?? model.Name,
            ["general.parameter_count"] = model.Info?.ParameterCount,
            [$"{architecture}.context_length"] = model.ContextLength,
            [$"{architecture}.embedding_length"] = model.Info?.EmbeddingLength ?? model.File.EmbeddingLength,
        };
        return info.Where(static member => member.Value is not null)
            .ToDictionary(static member => member.Key, static member => Parse(member.Value!.ToJsonString()), StringComparer.Ordinal);
    }

    private static string ParametersOf(RecommendedSampling? sampling)
    {
        (string Name, double? Value)[] values =
        [
            ("temperature", sampling?.Temperature),
            ("top_p", sampling?.TopP),
            ("top_k", sampling?.TopK),
            ("min_p", sampling?.MinP),
            ("repeat_penalty", sampling?.RepetitionPenalty),
        ];
        return string.Join('\n', values
            .Where(static value => value.Value is not null)
            .Select(static value => $"{value.Name} {value.Value!.Value.ToString(CultureInfo.InvariantCulture)}"));
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
