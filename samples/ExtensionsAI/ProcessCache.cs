using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;

namespace ExtensionsAI;

/// <summary>A minimal cache. A real application would use Redis or the framework's MemoryDistributedCache.</summary>
internal sealed class ProcessCache : IDistributedCache
{
    private readonly ConcurrentDictionary<string, byte[]> _values = new();

    public byte[]? Get(string key) => _values.GetValueOrDefault(key);

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => _values[key] = value;

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Set(key, value, options);
        return Task.CompletedTask;
    }

    public void Refresh(string key)
    {
    }

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public void Remove(string key) => _values.TryRemove(key, out _);

    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        Remove(key);
        return Task.CompletedTask;
    }
}
