using Orchard.Hub.Settings;
using Orchard.Protocol;

namespace Orchard.Cli.Doctor;

/// <summary>What the checks look at, and how far they may go.</summary>
internal sealed class DoctorContext
{
    /// <summary>The options of the client that is examined.</summary>
    public required ClientOptions Options { get; init; }

    /// <summary>Whether the hub may be asked.</summary>
    public bool UseNetwork { get; init; }

    /// <summary>Whether an engine may be started and a model loaded.</summary>
    public bool RunTrial { get; init; }

    /// <summary>Whether the whole content of stored models is compared with its digest.</summary>
    public bool VerifyModels { get; init; }

    /// <summary>Returns the free bytes of the file system of a folder; null if unknown.</summary>
    public Func<string, long?> FreeBytes { get; init; } = DiskSpace.Free;

    /// <summary>The namespace; null until it has been found, or if there is none.</summary>
    public EngineRoot? Root { get; set; }

    /// <summary>The engine executable; null until it has been found, or if there is none.</summary>
    public string? EnginePath { get; set; }

    /// <summary>The folder of the native libraries; null until it has been found.</summary>
    public string? NativeFolder { get; set; }

    /// <summary>The settings of the hub; null until they have been read, or if they are not valid.</summary>
    public HubSettings? Hub { get; set; }
}
