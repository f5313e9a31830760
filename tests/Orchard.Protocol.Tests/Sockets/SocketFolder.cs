namespace Orchard.Protocol.Tests.Sockets;

/// <summary>A private temporary folder with a short path.</summary>
internal sealed class SocketFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sp-");

    public string Socket => File("s");

    public string File(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
