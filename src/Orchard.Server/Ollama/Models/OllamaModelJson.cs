using System.Text.Json;
using Orchard.Server.Models;

namespace Orchard.Server.Ollama.Models;

/// <summary>Models, in Ollama's JSON.</summary>
internal sealed record OllamaModelList
{
    /// <summary>The models.</summary>
    public required IReadOnlyList<OllamaModel> Models { get; init; }
}

/// <summary>A model, in Ollama's JSON.</summary>
internal sealed record OllamaModel
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>The same.</summary>
    public required string Model { get; init; }

    /// <summary>When the file was written.</summary>
    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Size of the files in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the file; empty if unknown.</summary>
    public required string Digest { get; init; }

    /// <summary>What is known about the model.</summary>
    public required OllamaModelDetails Details { get; init; }

    /// <summary>Bytes on a graphics card, of a loaded model.</summary>
    public long? SizeVram { get; init; }

    /// <summary>Context length in use, of a loaded model.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Returns the JSON of a model.</summary>
    public static OllamaModel Of(CatalogModel model) => new()
    {
        Name = model.Name,
        Model = model.Name,
        ModifiedAt = model.Modified,
        Size = model.Bytes,
        Digest = model.Sha256 ?? "",
        Details = OllamaModelDetails.Of(model),
    };

    /// <summary>Returns the JSON of a loaded model.</summary>
    public static OllamaModel OfLoaded(CatalogModel model) => Of(model) with
    {
        Size = model.Info!.ReservedBytes ?? model.Bytes,
        SizeVram = 0,
        ContextLength = model.Info.ContextLength,
    };
}

/// <summary>What is known about a model.</summary>
internal sealed record OllamaModelDetails
{
    /// <summary>Always empty.</summary>
    public string ParentModel { get; init; } = "";

    /// <summary>Always <c>gguf</c>.</summary>
    public string Format { get; init; } = "gguf";

    /// <summary>Architecture.</summary>
    public required string Family { get; init; }

    /// <summary>The same, as a list.</summary>
    public required IReadOnlyList<string> Families { get; init; }

    /// <summary>Number of parameters, such as <c>7.6B</c>; empty if unknown.</summary>
    public required string ParameterSize { get; init; }

    /// <summary>Quantization; empty if unknown.</summary>
    public required string QuantizationLevel { get; init; }

    /// <summary>Returns the JSON of a model.</summary>
    public static OllamaModelDetails Of(CatalogModel model) => new()
    {
        Family = model.Architecture ?? "",
        Families = model.Architecture is { } architecture ? [architecture] : [],
        ParameterSize = SizeOf(model.Info?.ParameterCount),
        QuantizationLevel = model.Quantization ?? "",
    };

    private static string SizeOf(long? parameters) => parameters switch
    {
        null => "",
        >= 1_000_000_000 => FormattableString.Invariant($"{parameters / 1e9:0.0}B"),
        >= 1_000_000 => FormattableString.Invariant($"{parameters / 1e6:0.0}M"),
        _ => FormattableString.Invariant($"{parameters / 1e3:0.0}K"),
    };
}

/// <summary>Body of a request about one model.</summary>
internal sealed record OllamaModelRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The model, by an older name of the field.</summary>
    public string? Name { get; init; }

    /// <summary>Whether to stream progress, which is the default.</summary>
    public bool? Stream { get; init; }
}

/// <summary>Details of a model.</summary>
internal sealed record OllamaModelDescription
{
    /// <summary>License that the repository states; empty if unknown.</summary>
    public required string License { get; init; }

    /// <summary>The model in the form of Ollama's model files.</summary>
    public required string Modelfile { get; init; }

    /// <summary>Sampling values that the file recommends.</summary>
    public required string Parameters { get; init; }

    /// <summary>Always empty: Ollama's template language is not used.</summary>
    public string Template { get; init; } = "";

    /// <summary>What is known about the model.</summary>
    public required OllamaModelDetails Details { get; init; }

    /// <summary>Values of the file by their names.</summary>
    public required IReadOnlyDictionary<string, JsonElement> ModelInfo { get; init; }

    /// <summary>What requests can ask of the model.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>When the file was written.</summary>
    public required DateTimeOffset ModifiedAt { get; init; }
}

/// <summary>Progress of a download.</summary>
internal sealed record OllamaProgress
{
    /// <summary>What is being done.</summary>
    public required string Status { get; init; }

    /// <summary>Digest of the file.</summary>
    public string? Digest { get; init; }

    /// <summary>Size of all files in bytes.</summary>
    public long? Total { get; init; }

    /// <summary>Bytes that are done.</summary>
    public long? Completed { get; init; }
}

/// <summary>Version of the server.</summary>
internal sealed record OllamaVersion
{
    /// <summary>The version.</summary>
    public required string Version { get; init; }
}
