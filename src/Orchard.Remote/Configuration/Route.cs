namespace Orchard.Remote.Configuration;

/// <summary>A route of a server.</summary>
/// <param name="Path">The path, without a slash at its start.</param>
/// <param name="IsOfApi">Whether it is below the API's version, such as <c>/v1</c>; otherwise it is below the server's root.</param>
internal readonly record struct Route(string Path, bool IsOfApi = true)
{
    public static Route Chat { get; } = new("chat/completions");

    public static Route Embeddings { get; } = new("embeddings");

    public static Route Models { get; } = new("models");

    public static Route Rerank { get; } = new("rerank");
}
