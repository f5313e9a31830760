using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Protocol.Files;

namespace Orchard.Cli.Launch;

/// <summary>Changes the settings file of a client program. What else is in it stays; a copy of the file is kept.</summary>
internal static class SettingsFile
{
    public const string BackupSuffix = ".before-orchard";

    /// <summary>Returns the content of a file with the settings in it.</summary>
    /// <param name="setup">The client.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="path">The file, which may not exist.</param>
    /// <exception cref="UsageException">The file cannot be changed without losing something. The message says what.</exception>
    public static string Merge(ClientSetup setup, string settings, string path) =>
        setup.Format == SettingsFormat.Toml ? $"{settings}\n"
        : MergeJson(File.Exists(path) ? File.ReadAllText(path) : "", settings, path);

    /// <summary>Replaces a file at once, and keeps a copy of what was there before.</summary>
    public static void Write(string path, string content)
    {
        // Settings are often links into a repository of a person's own.
        string target = new FileInfo(path) is { LinkTarget: not null } link
            ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName
            : path;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        string temporary = $"{target}.{Guid.NewGuid():N}";
        using (var writer = new StreamWriter(PrivateFile.Open(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None)))
        {
            writer.Write(content); // which may have a key in it
        }

        if (File.Exists(target))
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

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
}
