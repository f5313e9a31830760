using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Engine.Prefixes;

/// <summary>How much is kept on disk of prompts and answers.</summary>
internal sealed record PrefixLimits
{
    private const int DefaultMegabytes = 4096;
    private const int DefaultDays = 7;
    private const int MaxMegabytes = 1 << 30;
    private const int MaxDays = 3650;

    /// <summary>Most bytes of all files together (default: 4 GiB).</summary>
    public long Bytes { get; init; } = (long)DefaultMegabytes << 20;

    /// <summary>How long a file stays after its last use (default: 7 days).</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(DefaultDays);

    /// <summary>Bytes of the file system that stay free (default: 1 GiB).</summary>
    public long FreeBytes { get; init; } = 1L << 30;

    /// <summary>Most bytes of one file: a quarter of all.</summary>
    public long FileBytes => Bytes / 4;

    /// <summary>Reads the environment variables. Returns null if nothing is to be kept.</summary>
    /// <param name="environment">Returns the value of a variable, or null.</param>
    /// <exception cref="InvalidSettingException">A variable has a value that is not allowed.</exception>
    public static PrefixLimits? Read(Func<string, string?> environment)
    {
        long megabytes = Setting.OfVariable(EngineVariables.PrefixCache, environment).WholeNumber(0, MaxMegabytes, " of MiB")
            ?? DefaultMegabytes;
        long days = Setting.OfVariable(EngineVariables.PrefixCacheDays, environment).WholeNumber(1, MaxDays, " of days") ?? DefaultDays;
        return megabytes == 0 ? null : new PrefixLimits { Bytes = megabytes << 20, Age = TimeSpan.FromDays(days) };
    }
}
