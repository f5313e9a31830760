namespace Orchard.Engine.Tests.Serving;

/// <summary>A temporary folder whose path is short enough for sockets.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("oe-").FullName;

    /// <summary>Creates a file and returns its path.</summary>
    public string File(string name, string content = "")
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
