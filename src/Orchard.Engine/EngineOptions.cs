using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native.Backends;
using Orchard.Engine.Prefixes;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol;

namespace Orchard.Engine;

/// <summary>Options of an engine.</summary>
internal sealed record EngineOptions
{
    /// <summary>How long the engine keeps running without clients and kept models: 10 s.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);

    /// <summary>The namespace to serve.</summary>
    public required EngineRoot Root { get; init; }

    /// <summary>
    /// How long the engine keeps running without clients, even if models are kept (default: null, as long as models are kept, and
    /// <see cref="DefaultGrace"/> when none is).
    /// </summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>How much memory models may take and how long they stay.</summary>
    public ModelRules Models { get; init; } = new();

    /// <summary>What environment variables say about how all models are computed.</summary>
    public DecoderOverrides Decoders { get; init; } = new();

    /// <summary>How much is kept on disk of prompts and answers; null for nothing.</summary>
    public PrefixLimits? Prefixes { get; init; } = new();

    /// <summary>Which GPU libraries and devices may be used.</summary>
    public DeviceChoice Devices { get; init; } = new(Names: null);

    /// <summary>Most memory of each GPU that may be in use, in bytes (default: null, all of it).</summary>
    public long? DeviceMemory { get; init; }

    /// <summary>The log file that a client wants, which started this process and reads its output until then; null for none.</summary>
    public string? LogFile { get; init; }

    /// <summary>Model files to load on startup (default: none). Their ids are the file names without extension.</summary>
    public IReadOnlyList<string> Load { get; init; } = [];
}
