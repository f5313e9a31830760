using Orchard.Engine.Files;

namespace Orchard.Engine.Native.Backends;

/// <summary>
/// Remembers which GPU libraries work and which ended the process that tried them. Thread-safe, also with other processes.
/// </summary>
/// <param name="results">Where that is stored.</param>
internal sealed class ProbeCache(ResultFolder results)
{
    // Perhaps a driver that failed was only being installed.
    private static readonly TimeSpan FailureLife = TimeSpan.FromDays(1);

    /// <summary>Returns the stored result, or null.</summary>
    public ProbeResult? Find(string key)
    {
        string name = NameOf(key);
        return results.Find(name) == ProbeOutput.Usable ? new ProbeResult(null)
            : results.Find(name, FailureLife) is not { } text || !text.StartsWith(ProbeOutput.Unusable, StringComparison.Ordinal) ? null
            : new ProbeResult($"{text[ProbeOutput.Unusable.Length..]} To try it again, delete '{results.PathOf(name)}'.", IsFatal: true);
    }

    /// <summary>Stores a result. Other reasons than a fatal one are not stored: they are found quickly, and may pass.</summary>
    public void Store(string key, ProbeResult result)
    {
        if (result is { Problem: null } or { IsFatal: true })
        {
            results.Store(NameOf(key), result.Problem is null ? ProbeOutput.Usable : ProbeOutput.Unusable + result.Problem);
        }
    }

    private static string NameOf(string key) => $"probe-{key}";
}
