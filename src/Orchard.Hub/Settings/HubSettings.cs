using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orchard.Hub.Settings;

/// <summary>How the hub is reached and where its files are kept.</summary>
internal sealed record HubSettings
{
    /// <summary>Address of the hub, with a slash at its end.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Caches in the order in which they are searched. The first one that can be written receives downloads.</summary>
    public required IReadOnlyList<string> Roots { get; init; }

    /// <summary>Sent to the endpoint and to no other host; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Where the token was looked for, for messages.</summary>
    public string TokenSource { get; init; } = "HF_TOKEN";

    /// <summary>Whether to use only what is stored.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Whether to download models of architectures that the engine of this release does not know, for another engine.</summary>
    public bool AnyArchitecture { get; init; }

    /// <summary>Whether vision projectors are stored.</summary>
    public ProjectorRule Projectors { get; init; }

    /// <summary>Whether snapshots contain links to blobs.</summary>
    public bool UseLinks { get; init; } = true;

    /// <summary>Folder of Ollama's models; null to leave it out.</summary>
    public string? OllamaModels { get; init; }

    /// <summary>Folder of LM Studio's models; null to leave it out.</summary>
    public string? LmStudioModels { get; init; }

    /// <summary>Time limit for connecting and for the headers of a response.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time limit for the next part of a response.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Wait before the first repetition of a failed request; it doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait that the hub may ask for.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Transfers with more bytes than this use several connections.</summary>
    public long ParallelBytes { get; init; } = 256 << 20;

    /// <summary>Bytes of one request of a transfer with several connections.</summary>
    public int ChunkBytes { get; init; } = 16 << 20;

    /// <summary>Number of connections of a large transfer.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>Returns the free bytes of the file system of a folder; null if unknown.</summary>
    public Func<string, long?> FreeBytes { get; init; } = DiskSpace.Free;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;
}
