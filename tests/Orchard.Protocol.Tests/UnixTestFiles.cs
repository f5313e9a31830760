using System.Diagnostics;
using System.Globalization;

namespace Orchard.Protocol.Tests;

internal static class UnixTestFiles
{
    /// <summary>Changes the owner of a file, as root.</summary>
    public static void GiveTo(string path, int user)
    {
        using Process chown = Process.Start("chown", [user.ToString(CultureInfo.InvariantCulture), path]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }
}
