using Orchard.Protocol.Processes;

namespace Orchard.Protocol.Tests.Processes;

public sealed class PidFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("op-");

    private string FilePath => Path.Combine(_folder.FullName, "engine.pid");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("4711\n", 4711)]
    [InlineData(" 4711 \r\n", 4711)]
    [InlineData("", null)]
    [InlineData("\0\0\0\0", null)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("99999999999", null)]
    [InlineData("4711 and more", null)]
    public void Read_AnyText_IsThePidOrNothing(string text, int? expected)
    {
        File.WriteAllText(FilePath, text);

        Assert.Equal(expected, PidFile.Read(FilePath));
    }

    [Fact]
    public void Read_NoFileOrAFolder_IsNothing()
    {
        Assert.Null(PidFile.Read(FilePath));
        Assert.Null(PidFile.Read(_folder.FullName));
    }

    [Theory]
    [InlineData("4711\n")]
    [InlineData("")]
    [InlineData("\0\0\0\0\0")]
    public void Write_OverAnOlderPidFile_ReplacesIt(string text)
    {
        File.WriteAllText(FilePath, text);

        PidFile.Write(FilePath, 5);

        Assert.Equal("5\n", File.ReadAllText(FilePath));
    }

    [Fact]
    public void Write_OverSomethingElse_RefusesAndLeavesIt()
    {
        string text = new('x', 10_000);
        File.WriteAllText(FilePath, text);

        var error = Assert.Throws<IOException>(() => PidFile.Write(FilePath, 5));

        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(FilePath));
    }

    [Fact]
    public void Write_DiskFull_LeavesNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /dev/full.");
        File.CreateSymbolicLink($"{FilePath}.5", "/dev/full");

        Assert.Throws<IOException>(() => PidFile.Write(FilePath, 5));

        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void RemoveOwn_AnotherPid_LeavesIt()
    {
        PidFile.Write(FilePath, 5);

        PidFile.RemoveOwn(FilePath, 6);
        Assert.True(File.Exists(FilePath));

        PidFile.RemoveOwn(FilePath, 5);
        Assert.False(File.Exists(FilePath));
    }
}
