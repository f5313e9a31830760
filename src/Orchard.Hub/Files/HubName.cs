using System.Diagnostics.CodeAnalysis;

namespace Orchard.Hub.Files;

/// <summary>The name of a model on the hub: <c>org/repo[@revision][:tag]</c>.</summary>
/// <param name="Repository">Owner and repository, with one slash.</param>
/// <param name="Revision">Branch, tag or commit; null for the main branch.</param>
/// <param name="Tag">Quantization, folder or file that selects one model of the repository; null for the default choice.</param>
internal sealed record HubName(string Repository, string? Revision, string? Tag)
{
    public const string MainRevision = "main";
    private const int MaxLength = 256;
    private const int CommitDigits = 40;

    private static readonly string[] Hosts = ["https://huggingface.co/", "https://hf.co/", "huggingface.co/", "hf.co/"];

    /// <summary>The revision to look up.</summary>
    public string RevisionOrMain => Revision ?? MainRevision;

    /// <summary>The commit, if the revision is one.</summary>
    public string? Commit => Revision is { } revision && IsCommit(revision) ? revision : null;

    public override string ToString() =>
        Repository + (Revision is null ? "" : "@" + Revision) + (Tag is null ? "" : ":" + Tag);

    /// <summary>Parses a name as users write it. False if it cannot be the name of a model on the hub.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HubName? name)
    {
        name = null;
        string rest = text.Trim();
        bool prefixed = true;
        if (rest.StartsWith("hf:", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest[3..];
        }
        else if (Array.Find(Hosts, host => rest.StartsWith(host, StringComparison.OrdinalIgnoreCase)) is { } host)
        {
            rest = rest[host.Length..];
            if (TryParseLink(rest, out name))
            {
                return true;
            }
        }
        else
        {
            prefixed = false;
        }

        (string repository, string? revision, string? tag) = Split(rest);
        if (!IsRepository(repository) || revision is not null && !IsRevision(revision) || tag is not null && !IsRelativePath(tag))
        {
            return false;
        }

        // The relative path of a file that does not exist is a mistake to report, not a name to look up elsewhere.
        if (!prefixed && revision is null && tag is null && repository.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        name = new HubName(repository, revision, tag);
        return true;
    }

    /// <summary>Whether the text is the full id of a commit.</summary>
    public static bool IsCommit(string text) => text.Length == CommitDigits && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a path stays inside the folder that it is relative to, on every platform.</summary>
    public static bool IsRelativePath(string path) =>
        path.Length is > 0 and <= 1024
        && !path.AsSpan().ContainsAny('\\', ':')
        && !path.Any(char.IsControl)
        && path.Split('/').All(part => part.Length > 0 && part is not "." and not ".." && part[^1] is not ' ' and not '.');

    // A link copied from the page of a file: org/repo/blob/main/file.gguf.
    private static bool TryParseLink(string rest, [NotNullWhen(true)] out HubName? name)
    {
        name = null;
        string[] parts = rest.Split('?')[0].TrimEnd('/').Split('/');
        if (parts.Length < 4 || parts[2] is not ("blob" or "resolve" or "tree"))
        {
            return false;
        }

        string? path = parts.Length > 4 ? string.Join('/', parts[4..].Select(Uri.UnescapeDataString)) : null;
        string revision = Uri.UnescapeDataString(parts[3]);
        if (!IsRepository($"{parts[0]}/{parts[1]}") || !IsRevision(revision) || path is not null && !IsRelativePath(path))
        {
            return false;
        }

        name = new HubName($"{parts[0]}/{parts[1]}", revision == MainRevision ? null : revision, path);
        return true;
    }

    private static (string Repository, string? Revision, string? Tag) Split(string text)
    {
        string? tag = null;
        if (text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
        {
            (text, tag) = (text[..colon], text[(colon + 1)..]);
        }

        return text.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..], tag) : (text, null, tag);
    }

    // As in llama.cpp: letters, digits and underscores, separated by single dots, hyphens and one slash.
    private static bool IsRepository(string text)
    {
        int slashes = 0;
        bool separated = true;
        foreach (char c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == '_')
            {
                separated = false;
            }
            else if (c is '/' or '.' or '-' && !separated)
            {
                slashes += c == '/' ? 1 : 0;
                separated = true;
            }
            else
            {
                return false;
            }
        }

        return text.Length <= MaxLength && slashes == 1 && !separated;
    }

    private static bool IsRevision(string text) =>
        text.Length <= MaxLength
        && IsRelativePath(text)
        && text[0] != '-'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/' or '+');
}
