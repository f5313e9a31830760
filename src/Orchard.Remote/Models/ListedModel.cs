using System.Text.Json;

namespace Orchard.Remote.Models;

/// <summary>A model in the list of a server.</summary>
/// <param name="Id">The server's name of the model.</param>
internal sealed record ListedModel(string Id)
{
    /// <summary>Context length of a conversation; null if unknown.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Context length that the model was trained with; null if unknown.</summary>
    public int? TrainedContextLength { get; init; }

    /// <summary>Number of dimensions of an embedding; null if unknown.</summary>
    public int? EmbeddingLength { get; init; }

    /// <summary>Number of parameters; null if unknown.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>Size of the model in bytes; null if unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>Who is said to own the model; empty if unknown.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Whether the entry has members that only Orchard.Server writes.</summary>
    public bool IsOfOrchard { get; init; }

    /// <summary>Reads an entry; null if it is none.</summary>
    public static ListedModel? Read(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("id", out JsonElement id)
            || id.ValueKind != JsonValueKind.String
            || id.GetString() is not { Length: > 0 and <= 512 } name)
        {
            return null;
        }

        JsonElement meta = entry.TryGetProperty("meta", out JsonElement found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new ListedModel(name)
        {
            ContextLength = Count(entry, "max_model_len") ?? Count(meta, "n_ctx") ?? Count(entry, "loaded_context_length")
                ?? Count(entry, "context_length") ?? Count(entry, "max_context_length") ?? Count(meta, "n_ctx_train"),
            TrainedContextLength = Count(meta, "n_ctx_train"),
            EmbeddingLength = Count(meta, "n_embd"),
            ParameterCount = LargeCount(meta, "n_params"),
            Bytes = LargeCount(meta, "size"),
            Owner = entry.TryGetProperty("owned_by", out JsonElement owner) && owner.ValueKind == JsonValueKind.String
                ? owner.GetString()!
                : "",
            IsOfOrchard = meta.ValueKind == JsonValueKind.Object
                && entry.TryGetProperty("capabilities", out _)
                && entry.TryGetProperty("display_name", out _)
                && entry.TryGetProperty("state", out _),
        };
    }

    private static int? Count(JsonElement entry, string name) =>
        LargeCount(entry, name) is { } count and <= int.MaxValue ? (int)count : null;

    private static long? LargeCount(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out long count)
        && count > 0
            ? count
            : null;
}
