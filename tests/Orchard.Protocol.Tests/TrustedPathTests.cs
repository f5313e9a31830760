using System.Net.Sockets;
using Orchard.Protocol.Files;

namespace Orchard.Protocol.Tests;

/// <summary>What belongs to others or can be changed by them is refused, and what exists is never changed.</summary>
public sealed class TrustedPathTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tp-");

    public static bool HasModes => !OperatingSystem.IsWindows();

    public static bool IsRoot => HasModes && Environment.IsPrivilegedProcess;

    private string FolderPath => Path.Combine(_folder.FullName, "namespace");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Skip = "needs file modes", SkipUnless = nameof(HasModes))]
    public void CreateDirectory_Missing_IsForItsOwnerAlone()
    {
        TrustedPath.CreateDirectory(FolderPath);

        Assert.Equal(OwnerOnly, FileStat.Of(FolderPath)!.Value.Permissions);
    }

    [Theory(Skip = "needs file modes", SkipUnless = nameof(HasModes))]
    [InlineData("700")]
    [InlineData("755")]
    [InlineData("500")]
    public void CreateDirectory_OthersCannotWrite_IsAcceptedAndNotChanged(string mode)
    {
        Make(mode);

        TrustedPath.CreateDirectory(FolderPath);

        Assert.Equal($"0{mode}", FileStat.Of(FolderPath)!.Value.PermissionsText);
    }

    [Theory(Skip = "needs file modes", SkipUnless = nameof(HasModes))]
    [InlineData("2775")] // of a team
    [InlineData("1777")] // as for temporary files
    [InlineData("770")]
    [InlineData("702")]
    public void CreateDirectory_OthersMayWrite_IsRefusedAndNotChanged(string mode)
    {
        Make(mode);

        var error = Assert.Throws<UntrustedPathException>(() => TrustedPath.CreateDirectory(FolderPath));

        Assert.Contains($"'{FolderPath}' has the mode 0{mode}", error.Message, StringComparison.Ordinal);
        Assert.Contains("chmod go-w", error.Message, StringComparison.Ordinal);
        Assert.Equal($"0{mode}", FileStat.Of(FolderPath)!.Value.PermissionsText);
    }

    [Fact(Skip = "needs file modes", SkipUnless = nameof(HasModes))]
    public void CreateDirectory_LinkToAFolder_IsRefusedAndItsTargetNotChanged()
    {
        DirectoryInfo target = _folder.CreateSubdirectory("target");
        UnixFileMode before = FileStat.Of(target.FullName)!.Value.Permissions;
        Directory.CreateSymbolicLink(FolderPath, target.FullName);

        var error = Assert.Throws<UntrustedPathException>(() => TrustedPath.CreateDirectory(FolderPath));

        Assert.Contains($"'{FolderPath}' is a symbolic link", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, FileStat.Of(target.FullName)!.Value.Permissions);
    }

    [Fact(Skip = "needs root, to give a folder to another user", SkipUnless = nameof(IsRoot))]
    public void CreateDirectory_OfAnotherUser_IsRefusedNamingBoth()
    {
        Make("700");
        UnixTestFiles.GiveTo(FolderPath, 65_534);

        var error = Assert.Throws<UntrustedPathException>(() => TrustedPath.CreateDirectory(FolderPath));

        Assert.Contains("belongs to user 65534, but this process runs as user 0", error.Message, StringComparison.Ordinal);
        Assert.Equal(65_534u, FileStat.Of(FolderPath)!.Value.Owner);
    }

    [Fact(Skip = "needs root, to give a socket to another user", SkipUnless = nameof(IsRoot))]
    public void CheckSocket_OfAnotherUser_IsRefused()
    {
        string path = Bind();
        UnixTestFiles.GiveTo(path, 65_534);

        Assert.Contains("belongs to user 65534", Assert.Throws<UntrustedPathException>(() => TrustedPath.CheckSocket(path)).Message, StringComparison.Ordinal);
    }

    [Fact(Skip = "needs links", SkipUnless = nameof(HasModes))]
    public void CheckSocket_LinkToASocket_IsRefused()
    {
        string path = Bind();
        string link = Path.Combine(_folder.FullName, "link");
        File.CreateSymbolicLink(link, path);

        TrustedPath.CheckSocket(path);
        Assert.Throws<UntrustedPathException>(() => TrustedPath.CheckSocket(link));
    }

    [Fact]
    public void Check_Missing_IsAccepted()
    {
        TrustedPath.CheckDirectory(FolderPath);
        TrustedPath.CheckSocket(FolderPath);
    }

    private void Make(string mode)
    {
        Directory.CreateDirectory(FolderPath);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(FolderPath, (UnixFileMode)Convert.ToInt32(mode, 8));
        }
    }

    // The file stays after the socket is closed, as after a crash.
    private string Bind()
    {
        string bound = Path.Combine(_folder.FullName, "s");
        string path = bound + ".ipc";
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(bound));
        File.Move(bound, path);
        return path;
    }
}
