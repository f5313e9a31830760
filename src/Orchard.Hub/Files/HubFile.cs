namespace Orchard.Hub.Files;

/// <summary>A file of a repository at one commit.</summary>
/// <param name="Path">Path in the repository, with forward slashes.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Id">
/// Name of its blob in the cache: the SHA-256 of its content for large files, the git object id for others. Null for a cached file whose
/// blob is unknown, as on file systems without links.
/// </param>
internal sealed record HubFile(string Path, long Size, string? Id)
{
    private const int Sha256Digits = 64;

    /// <summary>SHA-256 of the content in hexadecimal digits; null if unknown.</summary>
    public string? Sha256 => Id is { Length: Sha256Digits } ? Id : null;
}
