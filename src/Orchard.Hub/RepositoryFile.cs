using Orchard.Hub.Files;

namespace Orchard.Hub;

/// <summary>A model in a repository.</summary>
/// <param name="Name">Name that means this model.</param>
/// <param name="Model">Its files.</param>
/// <param name="Projector">Path of the vision projector that belongs to it; null if there is none.</param>
internal sealed record RepositoryFile(string Name, FileGroup Model, string? Projector);
