using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchard.Cli.Launch;

/// <summary>Changes the settings file of a client program. What else is in it stays; a copy of the file is kept.</summary>
internal static class SettingsFile
{
    public const string BackupSuffix = ".before-orchard";

    private const string Begin = "# orchard launch: begin";
    private const string End = "# orchard launch: end";

    /// <summary>Returns the content of a file with the settings in it.</summary>
    /// <param name="setup">The client.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="path">The file, which may not exist.</param>
    /// <exception cref="UsageException">The file cannot be changed without losing something. The message says what.</exception>
    public static string Merge(ClientSetup setup, string settings, string path)
    {
        string existing = File.Exists(path) ? File.ReadAllText(path) : "";
        return setup.Format == SettingsFormat.Json ? MergeJson(existing, settings, path) : MergeToml(existing, settings, path);
    }

    /// <summary>Replaces a file at once, and keeps a copy of what was there before.</summary>
    public static void Write(string path, string content)
    {
        // Settings are often links into a repository of a person's own.
        string target = new FileInfo(path) is { LinkTarget: not null } link
            ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName
            : path;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        string temporary = $"{target}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // It may hold a key.
            options.UnixCreateMode = File.Exists(target) ? File.GetUnixFileMode(target) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(temporary, options))
        {
            writer.Write(content);
        }

        if (File.Exists(target))
        {
            File.Copy(target, target + BackupSuffix, overwrite: true);
        }

        File.Move(temporary, target, overwrite: true);
    }

    private static string MergeJson(string existing, string settings, string path)
    {
        JsonNode? root;
        try
        {
            root = string.IsNullOrWhiteSpace(existing) ? new JsonObject() : JsonNode.Parse(existing);
        }
        catch (JsonException e)
        {
            throw new UsageException($"'{path}' is not plain JSON; comments in it would be lost. Add the settings yourself. ({e.Message})");
        }

        if (root is not JsonObject target)
        {
            throw new UsageException($"'{path}' is not a JSON object. Add the settings yourself.");
        }

        MergeInto(target, JsonNode.Parse(settings)!.AsObject());
        return target.ToJsonString(Output.CliJson.Readable.Options) + "\n";
    }

    private static void MergeInto(JsonObject target, JsonObject source)
    {
        foreach ((string name, JsonNode? value) in source)
        {
            if (value is JsonObject members && target[name] is JsonObject present)
            {
                MergeInto(present, members);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    // Tables may be anywhere in a TOML file, but each only once.
    private static string MergeToml(string existing, string settings, string path)
    {
        string rest = WithoutBlock(existing);
        string[] tables = [.. settings.Split('\n').Where(line => line.StartsWith('['))];
        if (rest.Split('\n').Select(line => line.Trim()).Intersect(tables).FirstOrDefault() is { } table)
        {
            throw new UsageException($"'{path}' has a table {table} already. Change it yourself.");
        }

        string separator = rest.Length == 0 ? "" : "\n\n";
        return $"{rest}{separator}{Begin}\n{settings}\n{End}\n";
    }

    private static string WithoutBlock(string text)
    {
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = begin < 0 ? -1 : text.IndexOf(End, begin, StringComparison.Ordinal);
        return (end < 0 ? text : text.Remove(begin, end + End.Length - begin)).TrimEnd();
    }
}
