using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Hub.Transfer;

/// <summary>A repository at a revision, as the hub describes it.</summary>
internal sealed record RepositoryInfo
{
    /// <summary>The commit.</summary>
    public string? Sha { get; init; }

    public CardData? CardData { get; init; }
}

/// <summary>The metadata that authors write into the page of a repository.</summary>
internal sealed record CardData
{
    /// <summary>A text, or a list of texts.</summary>
    public JsonElement? License { get; init; }
}

/// <summary>A file or folder of a repository.</summary>
internal sealed record TreeEntry
{
    public string? Type { get; init; }

    public string? Path { get; init; }

    public long Size { get; init; }

    /// <summary>Git object id.</summary>
    public string? Oid { get; init; }

    public LargeFile? Lfs { get; init; }
}

/// <summary>A file that is stored outside git.</summary>
internal sealed record LargeFile
{
    /// <summary>SHA-256 of the content.</summary>
    public string? Oid { get; init; }

    public long Size { get; init; }
}

/// <summary>A repository in a search result.</summary>
internal sealed record FoundRepository
{
    public string? Id { get; init; }
}

/// <summary>Serialization without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RepositoryInfo))]
[JsonSerializable(typeof(TreeEntry[]))]
[JsonSerializable(typeof(FoundRepository[]))]
internal sealed partial class HubJson : JsonSerializerContext;
