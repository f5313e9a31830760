using System.Runtime.InteropServices;
using System.Text.Json;
using Orchard.Engine.Native;

namespace Orchard.Engine.Tests.Native;

/// <summary>The table of releases in NATIVE.md is what is built, accepted and compared.</summary>
public sealed class ReleaseTableTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Native", "Releases");

    private static readonly Row[] Table =
    [
        .. from line in File.ReadLines(Path.Combine(Folder, "NATIVE.md"))
           let cells = line.Split('|', StringSplitOptions.TrimEntries)
           where cells.Length == 6 && cells[2].StartsWith("`@node-llama-cpp/", StringComparison.Ordinal)
           select new Row(cells[1].Split(' ')[0], cells[2].Trim('`'), cells[3], cells[4]),
    ];

    [Fact]
    public void Packages_AreThoseOfTheBuild()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "package.json")));

        Assert.Equal(
            manifest.RootElement.GetProperty("optionalDependencies").EnumerateObject().Select(package => (package.Name, package.Value.GetString())).Order(),
            Table.Select(row => (row.Package, (string?)row.Version)).Order());
    }

    [Fact]
    public void Releases_AreThoseThatTheEngineAccepts() =>
        Assert.Equal(LlamaLibraryFiles.KnownReleases.Order(StringComparer.Ordinal), Table.Select(row => row.Release).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Versions_BelongToOneReleaseEach() =>
        Assert.All(Table.GroupBy(row => row.Version), static rows => Assert.Single(rows.Select(row => row.Release).Distinct()));

    [Fact]
    public void LoadedLibrary_IsTheReleaseOfItsPlatform()
    {
        if (Environment.GetEnvironmentVariable(NativeFiles.PathVariable) is { Length: > 0 })
        {
            Assert.Skip($"{NativeFiles.PathVariable} names other libraries than those of the build.");
        }

        string platform = $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-"
            + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64");

        Row row = Assert.Single(Table, row => row.Platform == platform);
        Assert.StartsWith(row.Release, LlamaLibrary.Load().Version, StringComparison.Ordinal);
    }

    private sealed record Row(string Platform, string Package, string Version, string Release);
}
