using System.Runtime.InteropServices;
using System.Text.Json;
using Orchard.Engine.Native;
using Orchard.Engine.Tests.Native.Platforms;

namespace Orchard.Engine.Tests.Native;

/// <summary>The table of releases in NATIVE.md is what is built, accepted and compared.</summary>
public sealed class ReleaseTableTests
{
    [Fact]
    public void Packages_AreThoseOfTheBuild()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(PlatformRow.Folder, "package.json")));

        Assert.Equal(
            manifest.RootElement.GetProperty("optionalDependencies").EnumerateObject().Select(package => (package.Name, package.Value.GetString())).Order(),
            PlatformRow.All.Select(row => (row.Package, (string?)row.Version)).Order());
    }

    [Fact]
    public void Releases_AreThoseThatTheEngineAccepts() =>
        Assert.Equal(LlamaLibraryFiles.KnownReleases.Order(StringComparer.Ordinal), PlatformRow.All.Select(row => row.Release).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Versions_BelongToOneReleaseEach() =>
        Assert.All(PlatformRow.All.GroupBy(row => row.Version), static rows => Assert.Single(rows.Select(row => row.Release).Distinct()));

    [Fact]
    public void LoadedLibrary_IsTheReleaseOfItsPlatform()
    {
        if (Environment.GetEnvironmentVariable(NativeFiles.PathVariable) is { Length: > 0 })
        {
            Assert.Skip($"{NativeFiles.PathVariable} names other libraries than those of the build.");
        }

        string platform = $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-"
            + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64");

        PlatformRow row = Assert.Single(PlatformRow.All, row => row.Platform == platform);
        Assert.StartsWith(row.Release, LlamaLibrary.Load().Version, StringComparison.Ordinal);
    }
}
