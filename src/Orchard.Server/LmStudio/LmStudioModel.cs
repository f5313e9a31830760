using Orchard.Server.Models;

namespace Orchard.Server.LmStudio;

/// <summary>Models, in LM Studio's JSON.</summary>
internal sealed record LmStudioModelList
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object { get; init; } = "list";

    /// <summary>The models.</summary>
    public required IReadOnlyList<LmStudioModel> Data { get; init; }
}

/// <summary>A model, in LM Studio's JSON.</summary>
internal sealed record LmStudioModel
{
    /// <summary>Name of the model.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>model</c>.</summary>
    public string Object { get; init; } = "model";

    /// <summary><c>llm</c>, <c>vlm</c> if it sees images, or <c>embeddings</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Who published the model.</summary>
    public required string Publisher { get; init; }

    /// <summary>Architecture; empty if unknown.</summary>
    public required string Arch { get; init; }

    /// <summary>Always <c>gguf</c>.</summary>
    public string CompatibilityType { get; init; } = "gguf";

    /// <summary>Quantization; empty if unknown.</summary>
    public required string Quantization { get; init; }

    /// <summary><c>loaded</c> or <c>not-loaded</c>.</summary>
    public required string State { get; init; }

    /// <summary>Context length that the model was trained with; 0 if unknown, since clients need a number.</summary>
    public required int MaxContextLength { get; init; }

    /// <summary>Context length in use, of a loaded model.</summary>
    public int? LoadedContextLength { get; init; }

    /// <summary>What requests can ask of the model beside text.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Returns the JSON of a model.</summary>
    public static LmStudioModel Of(CatalogModel model) => new()
    {
        Id = model.Name,
        Type = model.IsEmbedder ? "embeddings" : model.Takes(InputModalities.Image) ? "vlm" : "llm",
        Publisher = model.Owner,
        Arch = model.Architecture ?? "",
        Quantization = model.Quantization ?? "",
        State = model.IsLoaded ? "loaded" : "not-loaded",
        MaxContextLength = model.TrainedContextLength ?? model.ContextLength ?? 0,
        LoadedContextLength = model.IsLoaded ? model.Info!.ContextLength : null,
        Capabilities = model.IsEmbedder ? [] : ["tool_use"],
    };
}
