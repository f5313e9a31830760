namespace Orchard.Server.Generation;

/// <summary>Reads how the vectors of tokens are combined to that of their text. Pure.</summary>
internal static class PoolingField
{
    /// <summary>Returns the pooling; unspecified if the field is absent.</summary>
    public static EmbeddingPooling Read(Field field) => field.IsAbsent ? EmbeddingPooling.Unspecified : field.ToText() switch
    {
        "mean" => EmbeddingPooling.Mean,
        "cls" => EmbeddingPooling.Cls,
        "last" => EmbeddingPooling.Last,
        _ => throw field.Invalid("mean, cls or last"),
    };
}
