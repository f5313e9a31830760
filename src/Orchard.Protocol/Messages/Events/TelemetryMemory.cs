namespace Orchard.Protocol.Messages.Events;

/// <summary>Memory of the GPU and of the caches.</summary>
internal sealed record TelemetryMemory
{
    public ulong GpuTotalBytes { get; init; }

    public ulong GpuReservedBytes { get; init; }

    public ulong KvCachePagesTotal { get; init; }

    public ulong KvCachePagesUsed { get; init; }

    public ulong PromptCachePages { get; init; }

    public ulong PromptCacheEvictions { get; init; }
}
