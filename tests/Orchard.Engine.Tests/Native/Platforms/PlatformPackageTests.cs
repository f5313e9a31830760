using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Orchard.Engine.Native;

namespace Orchard.Engine.Tests.Native.Platforms;

/// <summary>
/// The engines of all platforms in the unpacked package Orchard.Engine, whose files are read and not loaded.
/// <c>tests/platforms/packages.sh</c> packs them, and names the folder in <c>ORCHARD_TEST_PACKAGE</c>. That the structs have the layout of
/// each platform's release is in <see cref="ImportTests"/>.
/// </summary>
public sealed partial class PlatformPackageTests
{
    private const string Variable = "ORCHARD_TEST_PACKAGE";
    private const string LibrariesVariable = "ORCHARD_TEST_LIBRARIES"; // the platforms of which there are only libraries

    // What the platforms have, or what README.md asks for.
    private static readonly Dictionary<string, Regex> OfTheSystem = new()
    {
        ["linux"] = new(@"^(?:libc\.so\.6|libm\.so\.6|libdl\.so\.2|libpthread\.so\.0|librt\.so\.1|libgcc_s\.so\.1|libstdc\+\+\.so\.6|ld-linux-.*\.so\.[12])$"),
        ["osx"] = new("^(?:/usr/lib/|/System/Library/Frameworks/)"),
        ["win"] = new(
            @"^(?:KERNEL32|ADVAPI32|SHELL32|USER32|OLE32|WS2_32|MSVCP140|VCRUNTIME140|VCRUNTIME140_1|api-ms-win-crt-.*)\.dll$", RegexOptions.IgnoreCase),
    };

    public static TheoryData<string> Platforms => [.. PlatformRow.All.Select(row => row.Platform)];

    public static bool HasPackage => Package is not null;

    private static string? Package => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    [Theory(Skip = "needs the package of all platforms: tests/platforms/packages.sh", SkipUnless = nameof(HasPackage))]
    [MemberData(nameof(Platforms))]
    public void Libraries_ExportAllThatTheEngineImports(string platform)
    {
        NativeFiles files = NativeFiles.Find(NativeFolder(platform));
        Dictionary<string, IReadOnlySet<string>> exports = new()
        {
            [LlamaApi.Llama] = NativeImage.Read(files.Llama).Exports,
            [LlamaApi.Ggml] = NativeImage.Read(files.Ggml).Exports,
            [LlamaApi.GgmlBase] = NativeImage.Read(files.GgmlBase).Exports,
        };

        (string Library, string Function)[] missing = [.. Imports.Where(import => !exports[import.Library].Contains(import.Function))];

        Assert.Empty(missing);
    }

    [Fact]
    public void Imports_AreThoseOfAllFunctions() => Assert.Equal(
        typeof(LlamaApi).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Order(StringComparer.Ordinal),
        Imports.Select(import => import.Function).Order(StringComparer.Ordinal));

    [Theory(Skip = "needs the package of all platforms: tests/platforms/packages.sh", SkipUnless = nameof(HasPackage))]
    [MemberData(nameof(Platforms))]
    public void Libraries_AreOfThePlatformAndItsRelease(string platform)
    {
        Assert.All(Images(platform), image => Assert.Equal(platform, image.Image.Platform));
        Assert.Contains(
            $".v{PlatformRow.All.Single(row => row.Platform == platform).Release}.",
            NativeFiles.Find(NativeFolder(platform)).Llama,
            StringComparison.Ordinal);
    }

    [Theory(Skip = "needs the package of all platforms: tests/platforms/packages.sh", SkipUnless = nameof(HasPackage))]
    [MemberData(nameof(Platforms))]
    public void Libraries_NeedOnlyEachOtherAndTheSystem(string platform)
    {
        (string Name, NativeImage Image)[] images = Images(platform);
        Regex system = OfTheSystem[platform.Split('-')[0]];

        string[] missing =
        [
            .. from image in images
               from needed in image.Image.Needs
               where !system.IsMatch(needed) && !images.Any(other => other.Name == needed || $"@rpath/{other.Name}" == needed)
               select $"{image.Name} needs {needed}",
        ];

        Assert.Empty(missing);
    }

    [Theory(Skip = "needs the package of all platforms: tests/platforms/packages.sh", SkipUnless = nameof(HasPackage))]
    [MemberData(nameof(Platforms))]
    public void Libraries_OfProcessorsHaveAScoreWhereThereAreSeveral(string platform)
    {
        NativeImage[] processors = [.. Images(platform).Where(image => image.Name.Contains("ggml-cpu", StringComparison.Ordinal)).Select(image => image.Image)];

        Assert.NotEmpty(processors);
        Assert.All(processors, image => Assert.Contains("ggml_backend_init", image.Exports));
        Assert.All(processors.Skip(1), image => Assert.Contains("ggml_backend_score", image.Exports));
    }

    [Theory(Skip = "needs the package of all platforms: tests/platforms/packages.sh", SkipUnless = nameof(HasPackage))]
    [MemberData(nameof(Platforms))]
    public void Executables_AreOfThePlatform(string platform)
    {
        Assert.SkipWhen(WithoutExecutable.Contains(platform), "The package was made without an executable of .NET for the platform.");
        string suffix = platform.StartsWith("win-", StringComparison.Ordinal) ? ".exe" : "";

        Assert.All(
            [$"orchard-engine{suffix}", $"proxy_inference_engine{suffix}"],
            name => Assert.Equal(platform, NativeImage.Read(Path.Combine(EngineFolder(platform), name)).Platform));
    }

    [Theory(Skip = "needs the package of all platforms: tests/platforms/packages.sh", SkipUnless = nameof(HasPackage))]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public void Libraries_OfLinux_RunWithTheSystemThatTheDocumentsName(string platform)
    {
        string[] versions =
        [
            .. Directory.GetFiles(NativeFolder(platform), "*.so")
                .SelectMany(file => SymbolVersion().Matches(Encoding.Latin1.GetString(File.ReadAllBytes(file))))
                .Select(match => match.Value)
                .Distinct(),
        ];

        Assert.Equal("2.34", Newest("GLIBC_"));
        Assert.Equal(IsBuilt(platform) ? null : "3.4.29", Newest("GLIBCXX_")); // GCC 11, or none

        string? Newest(string start) =>
            versions.Where(version => version.StartsWith(start, StringComparison.Ordinal)).Select(version => Version.Parse(version[start.Length..])).Max()?.ToString();
    }

    // Compiled from source (OrchardNatives=built), with the C++ runtime in them.
    private static bool IsBuilt(string platform) => File.Exists(Path.Combine(NativeFolder(platform), "LICENSE-llama.cpp.txt"));

    private static string[] WithoutExecutable => (Environment.GetEnvironmentVariable(LibrariesVariable) ?? "").Split(' ');

    // Those that need marshalling call an import that the compiler has generated.
    private static IEnumerable<(string Library, string Function)> Imports =>
        from method in typeof(LlamaApi).GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let import = method.GetCustomAttribute<DllImportAttribute>()
        where import is not null
        select (import.Value, import.EntryPoint!);

    private static string EngineFolder(string platform) => Path.Combine(Package!, "engine", platform);

    private static string NativeFolder(string platform) => Path.Combine(EngineFolder(platform), "native");

    private static (string Name, NativeImage Image)[] Images(string platform) =>
    [
        .. from file in Directory.GetFiles(NativeFolder(platform))
           where NativeFiles.IsLibrary(Path.GetFileName(file), "")
           orderby file
           select (Path.GetFileName(file), NativeImage.Read(file)),
    ];

    [GeneratedRegex(@"GLIBC(?:XX)?_[0-9]+(?:\.[0-9]+)+")]
    private static partial Regex SymbolVersion();
}
