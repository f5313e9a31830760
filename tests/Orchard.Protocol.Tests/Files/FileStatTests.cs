using Orchard.Protocol.Files;

namespace Orchard.Protocol.Tests.Files;

public sealed class FileStatTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fs-");

    public static bool IsSupported => FileStat.IsSupported;

    private string FilePath => Path.Combine(_folder.FullName, "file");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Skip = "not supported here", SkipUnless = nameof(IsSupported))]
    public void Of_File_ReportsWhatDotnetReports()
    {
        File.WriteAllText(FilePath, "12345");

        FileStat stat = FileStat.Of(FilePath)!.Value;

        Assert.Equal(5, stat.Size);
        Assert.Equal(File.GetLastWriteTimeUtc(FilePath), DateTime.UnixEpoch.AddTicks(stat.Modified / 100));
        Assert.Equal(OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(FilePath), stat.Permissions);
        Assert.False(stat.IsDirectory || stat.IsLink || stat.IsSocket);
        Assert.True(FileStat.Of(_folder.FullName)!.Value.IsDirectory);
        Assert.Null(FileStat.Of(FilePath + ".none"));
    }

    [Fact(Skip = "not supported here", SkipUnless = nameof(IsSupported))]
    public void IsSameFile_AnotherFileAtThePath_IsNot()
    {
        File.WriteAllText(FilePath, "one");
        using FileStream first = File.OpenRead(FilePath); // keeps the file, so that its number is not reused
        FileStat opened = FileStat.Of(first.SafeFileHandle)!.Value;
        Assert.True(opened.IsSameFile(FileStat.Of(FilePath)!.Value));

        File.Delete(FilePath);
        File.WriteAllText(FilePath, "one");

        Assert.False(opened.IsSameFile(FileStat.Of(FilePath)!.Value));
    }

    [Fact(Skip = "not supported here", SkipUnless = nameof(IsSupported))]
    public void Of_Link_IsItsTarget()
    {
        File.WriteAllText(FilePath, "");
        string link = Path.Combine(_folder.FullName, "link");
        File.CreateSymbolicLink(link, FilePath);

        Assert.True(FileStat.Of(link)!.Value.IsSameFile(FileStat.Of(FilePath)!.Value));
        Assert.True(FileStat.OfLink(link)!.Value.IsLink);
    }
}
