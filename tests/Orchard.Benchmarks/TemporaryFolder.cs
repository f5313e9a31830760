namespace Orchard.Benchmarks;

/// <summary>A folder with a short path, for sockets, that is gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("orb-").FullName;

    public string File(string name) => Path.Combine(Directory, name);

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
