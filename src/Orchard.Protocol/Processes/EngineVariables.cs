namespace Orchard.Protocol.Processes;

/// <summary>Environment variables that a client sets for an engine process it starts.</summary>
internal static class EngineVariables
{
    /// <summary>How long the engine keeps running without clients, in seconds.</summary>
    public const string GraceSeconds = "ORCHARD_ENGINE_GRACE_SECONDS";

    /// <summary>
    /// Names of further variables that a client passes on to the engine it starts, separated by commas. Clients alone read it.
    /// </summary>
    public const string PassedOn = "ORCHARD_ENGINE_ENVIRONMENT";

    /// <summary>
    /// Whether a client starts the engine in a systemd scope of its own: 1 for always, 0 for never. By default where the client runs in a
    /// service, which would end the engine when it stops. Clients alone read it.
    /// </summary>
    public const string Scope = "ORCHARD_ENGINE_SCOPE";

    /// <summary>Most memory that all models together may take, in MiB.</summary>
    public const string MemoryLimit = "ORCHARD_ENGINE_MEMORY_LIMIT";

    /// <summary>Most disk space for prompts and answers that are kept for later engines, in MiB; 0 to keep none.</summary>
    public const string PrefixCache = "ORCHARD_ENGINE_PREFIX_CACHE";

    /// <summary>How long they are kept after their last use, in days.</summary>
    public const string PrefixCacheDays = "ORCHARD_ENGINE_PREFIX_CACHE_DAYS";

    /// <summary>Which devices the engine computes on: names of kinds, such as <c>cuda</c>, or of devices, such as <c>cuda1</c>.</summary>
    public const string Devices = "ORCHARD_DEVICES";

    /// <summary>Most memory of each GPU that may be in use, in MiB.</summary>
    public const string DeviceMemory = "ORCHARD_DEVICE_MEMORY";

    /// <summary>The kinds of devices that <see cref="Devices"/> may name.</summary>
    public static readonly IReadOnlyList<string> DeviceKinds = ["cpu", "cuda", "hip", "metal", "sycl", "vulkan"];

    /// <summary>What <see cref="Devices"/> may be, for messages.</summary>
    public const string DevicesMeaning =
        "cpu, or to names of GPU back ends (cuda, hip, metal, sycl, vulkan) or of their devices (cuda1, vulkan0), separated by commas";

    /// <summary>How long models stay after their last use, in seconds; -1 for always. Clients read it as well.</summary>
    public const string KeepAlive = "ORCHARD_KEEP_ALIVE";
}
