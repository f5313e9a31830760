using System.Diagnostics;
using System.Globalization;

namespace Orchard.EngineStub;

/// <summary>The ways the stub ends.</summary>
internal static class Death
{
    /// <summary>Exit code of a stub that was told something it does not know.</summary>
    public const int BadCommand = 2;

    // Whoever forgets the stub must not keep it for ever.
    private static readonly TimeSpan OldAge = TimeSpan.FromMinutes(1);

    public static Task OfOldAgeAsync() => Task.Delay(OldAge);

    public static int ExitCode(string code)
    {
        Console.Error.WriteLine($"stub: exit {code}");
        return int.Parse(code, CultureInfo.InvariantCulture);
    }

    /// <summary>Ends by SIGABRT, as a failed assertion in native code does.</summary>
    public static void Abort() => Environment.FailFast("stub: abort");

    /// <summary>Ends by SIGKILL, as the system does when memory runs out.</summary>
    public static void Kill() => Process.GetCurrentProcess().Kill();
}
