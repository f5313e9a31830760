namespace Orchard;

/// <summary>The names of pooling types on the wire.</summary>
internal static class EmbeddingPoolingNames
{
    /// <summary>Returns the name of a pooling type; null for <see cref="EmbeddingPooling.Unspecified"/>.</summary>
    public static string? Of(EmbeddingPooling pooling) =>
        pooling == EmbeddingPooling.Unspecified ? null : pooling.ToString().ToLowerInvariant();

    /// <summary>Returns the pooling type with a name; <see cref="EmbeddingPooling.Unspecified"/> if there is none.</summary>
    public static EmbeddingPooling Parse(string? name) =>
        Enum.GetValues<EmbeddingPooling>().FirstOrDefault(pooling => Of(pooling) is { } known && known == name);
}
