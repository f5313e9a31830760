using System.ComponentModel;
using System.Net.Sockets;
using Orchard.Processes;

namespace Orchard.Tests.Connection;

public sealed class DescriptorLimitTests
{
    private const int TooManyOpenFiles = 24; // EMFILE

    public static bool HasErrorNumbers => !OperatingSystem.IsWindows();

    public static TheoryData<Exception> Reached => new()
    {
        new IOException("Too many open files", TooManyOpenFiles),
        new EngineStartException("The lock file cannot be used.", new IOException("Too many open files", TooManyOpenFiles)),
        new EngineStartException("The engine could not be started.", new Win32Exception(TooManyOpenFiles)),
        new SocketException((int)SocketError.TooManyOpenSockets),
        new TypeInitializationException("System.Net.Sockets.SocketAsyncEngine", null),
    };

    [Theory(Skip = "needs error numbers of Unix", SkipUnless = nameof(HasErrorNumbers))]
    [MemberData(nameof(Reached), DisableDiscoveryEnumeration = true)]
    public void IsReached_NoFileOrSocketCouldBeOpened_NamesTheLimit(Exception exception)
    {
        Assert.True(DescriptorLimit.IsReached(exception));
        Assert.Contains("ulimit -n", DescriptorLimit.Describe(exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsReached_OtherErrors_IsFalse()
    {
        Assert.False(DescriptorLimit.IsReached(new IOException("No such file", 2)));
        Assert.False(DescriptorLimit.IsReached(new EngineStartException("The engine ended.")));
        Assert.False(DescriptorLimit.IsReached(null));
    }
}
