using Orchard.Engine.Inference;
using Orchard.Engine.Tests.Native;

namespace Orchard.Engine.Tests.Inference;

/// <summary>By what models and adapters are recognized.</summary>
public sealed class FileDigestTests : IDisposable
{
    private static readonly DateTime Written = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SameFile_HasTheSameDigest()
    {
        string path = Write("a", 5_000_000);

        string digest = FileDigest.TryOf(path)!;

        Assert.Matches("^[0-9a-f]{32}$", digest);
        Assert.Equal(digest, FileDigest.TryOf(path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    [InlineData(4_999_990)]
    public void ChangedBeginningOrEnd_HasAnother(int at)
    {
        string path = Write("a", 5_000_000);
        string? before = FileDigest.TryOf(path);
        using (FileStream file = File.OpenWrite(path))
        {
            file.Position = at;
            file.WriteByte(0xff);
        }

        File.SetLastWriteTimeUtc(path, Written);

        Assert.NotEqual(before, FileDigest.TryOf(path));
    }

    [Fact]
    public void WrittenAgain_OrOneOfSeveral_HasAnother()
    {
        (string first, string second) = (Write("a", 100), Write("b", 100));
        string? one = FileDigest.TryOf(first);
        string? both = FileDigest.TryOf(first, second);
        File.SetLastWriteTimeUtc(first, Written.AddSeconds(1));

        Assert.Equal(3, new[] { one, both, FileDigest.TryOf(first) }.Distinct().Count());
    }

    [Fact]
    public void Gone_HasNone() => Assert.Null(FileDigest.TryOf(Path.Combine(_folder.Path, "gone")));

    private string Write(string name, int bytes)
    {
        string path = _folder.Write(name, new byte[bytes]);
        File.SetLastWriteTimeUtc(path, Written);
        return path;
    }
}
