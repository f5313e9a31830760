namespace Orchard.Hub.Transfer;

/// <summary>What a download is doing.</summary>
internal enum HubPhase
{
    /// <summary>The name is being looked up.</summary>
    Resolving,

    /// <summary>The files are being transferred, by this process or another one.</summary>
    Downloading,

    /// <summary>The content of files is being compared with its digest.</summary>
    Verifying,
}

/// <summary>Progress of a download.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Bytes">Bytes that are there.</param>
/// <param name="Total">Bytes of all files.</param>
/// <param name="BytesPerSecond">Rate of the last seconds; null if unknown.</param>
internal readonly record struct HubProgress(HubPhase Phase, long Bytes, long Total, double? BytesPerSecond);
