using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Files;
using Orchard.Engine.Native.Backends;

namespace Orchard.Engine.Tests.Native.Backends;

/// <summary>Which GPU libraries are loaded, with stand-ins for the libraries and for the process that tries them out.</summary>
public sealed class BackendSelectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly List<IReadOnlyDictionary<string, string>> _trials = [];
    private ProbeResult _result = new(null);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FindAll_TheBestComesFirst()
    {
        foreach (string name in (string[])["libggml-vulkan.so", "libggml-cpu-zen4.so", "libggml-base.so", "libggml-cuda.so", "libggml-cuda.so.base"])
        {
            _folder.Write(name, []);
        }

        Assert.Equal(["cuda", "vulkan"], BackendFile.FindAll(_folder.Path).Select(file => file.Backend.Name));
    }

    [Fact]
    public void LibraryOfThisRelease_ThatWorks_IsLoaded()
    {
        Assert.Null(Select(null, Library("vulkan"), null));
        Assert.Single(_trials);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void LibraryThatIsNotAllowed_IsNotTriedOut(string choice)
    {
        Assert.Contains("ORCHARD_DEVICES", Select(choice, Library("vulkan"), null), StringComparison.Ordinal);
        Assert.Empty(_trials);
    }

    [Fact]
    public void SecondLibrary_WouldUseTheSameGpusAgain_UnlessItIsNamed()
    {
        Assert.Contains("cuda", Select(null, Library("vulkan"), used: "cuda"), StringComparison.Ordinal);
        Assert.Empty(_trials);
        Assert.Null(Select("cuda,vulkan", Library("vulkan"), used: "cuda"));
    }

    [Fact]
    public void LibraryOfAnotherRelease_IsNotTriedOut()
    {
        BackendFile library = Library("vulkan", "another ggml-base"u8.ToArray());

        Assert.Contains("another release", Select(null, library, null), StringComparison.Ordinal);
        Assert.Empty(_trials);
    }

    [Fact]
    public void LibraryOfThePackagedRelease_FitsABuiltOne_OfTheSameRelease()
    {
        byte[] packaged = "packaged ggml-base"u8.ToArray();
        BackendFile library = Library("vulkan", packaged);
        _folder.Write("libggml-base.so.packaged", Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(packaged)).ToLowerInvariant() + "\n"));

        Assert.Null(Select(null, library, null));
        Assert.Null(Select(null, Library("vulkan"), null)); // built with this very one
        Assert.Contains("another release", Select(null, Library("vulkan", "another ggml-base"u8.ToArray()), null), StringComparison.Ordinal);
    }

    [Fact]
    public void LibraryWithoutRelease_IsLoadedOnlyFromAFolderThatTheUserNames()
    {
        BackendFile library = Library("vulkan");
        File.Delete(library.Path + BackendFile.DigestExtension);

        Assert.Contains("does not say for which release", Select(null, library, null), StringComparison.Ordinal);
        Assert.Null(Select(null, library, null, isGivenFolder: true));
    }

    [Fact]
    public void DevicesThatAreNamed_AreTheOnlyOnesThatTheDriverShows()
    {
        Assert.Null(Select("vulkan1", Library("vulkan"), null));
        Assert.Equal("1", Assert.Single(_trials)["GGML_VK_VISIBLE_DEVICES"]);
    }

    [Fact]
    public void LibraryThatWorks_IsTriedOutOnce_UntilItChanges()
    {
        BackendFile library = Library("vulkan");
        Assert.Null(Select(null, library, null));
        Assert.Null(Select(null, library, null));
        Assert.Single(_trials);

        File.AppendAllText(library.Path, "a new version");
        Assert.Null(Select(null, library, null));
        Assert.Equal(2, _trials.Count);
    }

    [Fact]
    public void LibraryThatEndedTheTrial_IsNotTriedOutAgain_ForADay()
    {
        BackendFile library = Library("cuda");
        _result = new ProbeResult("It crashed.", IsFatal: true);
        Assert.Equal("It crashed.", Select(null, library, null));

        string? again = Select(null, library, null);
        Assert.StartsWith("It crashed.", again, StringComparison.Ordinal);
        Assert.Contains($"delete '{_folder.Path}", again, StringComparison.Ordinal);
        Assert.Single(_trials);

        _result = new ProbeResult(null);
        _time.Advance(TimeSpan.FromHours(25));
        Assert.Null(Select(null, library, null));
    }

    [Fact]
    public void LibraryWithoutADevice_IsTriedOutAgain()
    {
        _result = new ProbeResult("It found no device.");
        Assert.Equal("It found no device.", Select(null, Library("cuda"), null));

        _result = new ProbeResult(null);
        Assert.Null(Select(null, Library("cuda"), null));
    }

    [Fact]
    public void LibraryThatIsNamedButNotThere_IsReported()
    {
        BackendStatus missing = Assert.Single(BackendLoader.FindMissing(new DeviceChoice(["cuda", "cpu"]), []));

        Assert.Equal(("cuda", false), (missing.Name, missing.IsUsed));
        Assert.Contains("package", missing.ToString(), StringComparison.Ordinal);
    }

    private string Base => _folder.Write("libggml-base.so", "ggml-base"u8.ToArray());

    private BackendFile Library(string name, byte[]? builtWith = null)
    {
        string path = _folder.Write($"libggml-{name}.so", "library"u8.ToArray());
        File.WriteAllText(path + BackendFile.DigestExtension, Convert.ToHexString(SHA256.HashData(builtWith ?? "ggml-base"u8.ToArray())) + "\n");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch); // the same file, if it is written again
        return BackendFile.FindAll(_folder.Path).Single(file => file.Path == path);
    }

    private string? Select(string? choice, BackendFile library, string? used, bool isGivenFolder = false)
    {
        var rules = new BackendRules
        {
            Choice = DeviceChoice.Read(_ => choice),
            Cache = new ProbeCache(new ResultFolder(Path.Combine(_folder.Path, "devices"), _time)),
            Probe = (_, environment) =>
            {
                _trials.Add(environment);
                return _result;
            },
        };
        return new BackendSelection(rules, Base, "0.5.0-dev", isGivenFolder).FindObstacle(library, used, out _);
    }
}
