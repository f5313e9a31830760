using Orchard.Engine.Native.Media;

namespace Orchard.Engine.Tests.Inference.Media;

/// <summary>Skips tests where the library for images and sound has not been built.</summary>
internal static class MediaLibraryGate
{
    private const string Required = "ORCHARD_REQUIRE_MEDIA";

    /// <summary>Skips the test, or fails it if the environment requires the library.</summary>
    public static void Require()
    {
        bool isRequired = Environment.GetEnvironmentVariable(Required) is "1";
        Assert.True(MtmdLibrary.IsInstalled || !isRequired, "libmtmd is not in native/ next to the tests.");
        Assert.SkipUnless(
            MtmdLibrary.IsInstalled, "libmtmd is not built; run: dotnet msbuild src/Orchard.Engine.Media -t:BuildMediaLibrary, then build again");
    }
}
