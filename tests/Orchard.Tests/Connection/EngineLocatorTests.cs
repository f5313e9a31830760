using Orchard.Processes;
using Orchard.Protocol;

namespace Orchard.Tests.Connection;

public sealed class EngineLocatorTests
{
    private static readonly string Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    [Fact]
    public void Locate_HomeDirectory_IsExpanded() =>
        Assert.Contains(
            $"'{Path.Combine(Home, "no-such-engine")}'",
            Assert.Throws<EngineNotFoundException>(() => EngineLocator.Locate("~/no-such-engine", isPieCompatible: false)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void EngineRoot_HomeDirectory_IsExpanded() => Assert.Equal(Path.Combine(Home, "orc"), EngineRoot.Resolve("~/orc/").Directory);
}
