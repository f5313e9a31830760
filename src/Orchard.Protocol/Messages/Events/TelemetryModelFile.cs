namespace Orchard.Protocol.Messages.Events;

/// <summary>A model file, as it was when it was loaded.</summary>
internal sealed record TelemetryModelFile
{
    public string Path { get; init => field = value ?? ""; } = "";

    public ulong Device { get; init; }

    public ulong Inode { get; init; }

    /// <summary>Size in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Time of the last modification, in nanoseconds of Unix time.</summary>
    public long Modified { get; init; }
}
