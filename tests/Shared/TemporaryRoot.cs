namespace Orchard.TestSupport;

/// <summary>A folder for one engine namespace, gone after the test.</summary>
internal sealed class TemporaryRoot : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("orc-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
