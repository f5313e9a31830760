using Orchard.Server.Models;

namespace Orchard.Server.OpenAI.Models;

/// <summary>The models, in OpenAI's JSON.</summary>
internal sealed record ModelList
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object { get; init; } = "list";

    /// <summary>The models.</summary>
    public required IReadOnlyList<ModelItem> Data { get; init; }

    /// <summary>Always false: the list is whole, as Anthropic's clients ask.</summary>
    public bool HasMore { get; init; }

    /// <summary>Id of the first model, for Anthropic's clients.</summary>
    public string? FirstId => Data.Count > 0 ? Data[0].Id : null;

    /// <summary>Id of the last model, for Anthropic's clients.</summary>
    public string? LastId => Data.Count > 0 ? Data[^1].Id : null;
}

/// <summary>A model, in OpenAI's JSON with what other servers add.</summary>
internal sealed record ModelItem
{
    /// <summary>Name of the model.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the model, by OpenRouter's field.</summary>
    public required string Name { get; init; }

    /// <summary>Always <c>model</c>.</summary>
    public string Object { get; init; } = "model";

    /// <summary>Always <c>model</c>, for Anthropic's clients.</summary>
    public string Type { get; init; } = "model";

    /// <summary>Name of the model, for Anthropic's clients.</summary>
    public string DisplayName => Name;

    /// <summary>Unix time in seconds.</summary>
    public required long Created { get; init; }

    /// <summary>The same time, for Anthropic's clients.</summary>
    public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeSeconds(Created);

    /// <summary>Who published the model.</summary>
    public required string OwnedBy { get; init; }

    /// <summary>Context length in tokens, by OpenRouter's field.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Context length in tokens, by vLLM's field.</summary>
    public int? MaxModelLen { get; init; }

    /// <summary>Sizes, by llama.cpp's fields.</summary>
    public required ModelMeta Meta { get; init; }

    /// <summary>What goes in and comes out, by OpenRouter's field.</summary>
    public required ModelModalities Architecture { get; init; }

    /// <summary>What requests can ask of the model.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary><c>loaded</c> or <c>not-loaded</c>, by LM Studio's field.</summary>
    public required string State { get; init; }

    /// <summary>Returns the JSON of a model.</summary>
    public static ModelItem Of(CatalogModel model) => new()
    {
        Id = model.Name,
        Name = model.Name,
        Created = model.Modified.ToUnixTimeSeconds(),
        OwnedBy = model.Owner,
        ContextLength = model.ContextLength,
        MaxModelLen = model.ContextLength,
        Meta = new ModelMeta
        {
            NCtx = model.Info?.ContextLength,
            NCtxTrain = model.TrainedContextLength,
            NEmbd = model.Info?.EmbeddingLength ?? model.File.EmbeddingLength,
            NParams = model.Info?.ParameterCount,
            Size = model.Bytes,
        },
        Architecture = new ModelModalities
        {
            InputModalities =
            [
                "text",
                .. model.Takes(InputModalities.Image) ? ["image"] : Array.Empty<string>(),
                .. model.Takes(InputModalities.Audio) ? ["audio"] : Array.Empty<string>(),
            ],
            OutputModalities = [model.IsEmbedder ? "embeddings" : "text"],
        },
        Capabilities = model.Capabilities,
        State = model.IsLoaded ? "loaded" : "not-loaded",
    };
}

/// <summary>Sizes of a model.</summary>
internal sealed record ModelMeta
{
    /// <summary>Context length in use; null if the model is not loaded.</summary>
    public int? NCtx { get; init; }

    /// <summary>Context length that the model was trained with.</summary>
    public int? NCtxTrain { get; init; }

    /// <summary>Dimensions of an embedding.</summary>
    public int? NEmbd { get; init; }

    /// <summary>Number of parameters.</summary>
    public long? NParams { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public required long Size { get; init; }
}

/// <summary>What goes in and comes out.</summary>
internal sealed record ModelModalities
{
    /// <summary>What goes in.</summary>
    public required IReadOnlyList<string> InputModalities { get; init; }

    /// <summary>What comes out.</summary>
    public required IReadOnlyList<string> OutputModalities { get; init; }
}
