using Orchard.Protocol.Files;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Connection;

/// <summary>The model files that an engine has mapped into memory. Changing one of them can end the engine.</summary>
internal static class MappedModelFiles
{
    /// <summary>Returns a sentence about each file that was changed since it was mapped, which may explain the end of the engine.</summary>
    /// <param name="last">The last heartbeat of the engine; null if there was none.</param>
    public static string DescribeChanges(Telemetry? last) => string.Concat(
        (last?.Models ?? []).Select(model => model.Counters?.MappedFile).OfType<TelemetryModelFile>().Select(Describe));

    private static string Describe(TelemetryModelFile file)
    {
        bool isDamaged = FileStat.Of(file.Path) is { } now
            && (now.Device, now.Inode) == (file.Device, file.Inode)
            && (now.Size, now.Modified) != (file.Size, file.Modified);
        return isDamaged
            ? $" The model file '{file.Path}' was changed while it was mapped into memory, which ends an engine. Replace it by renaming, "
                + $"or set {nameof(ClientOptions)}.{nameof(ClientOptions.UseMemoryMap)} to false."
            : "";
    }
}
