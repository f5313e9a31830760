using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;

namespace Orchard.Engine.Serving.Models;

/// <summary>
/// Decides before a load how much of a model is on GPUs. A load that fails is tried once more with less, and so is one that has ended the
/// engine. Thread-safe.
/// </summary>
/// <param name="findGpus">Returns the GPUs that have one of the names, or all.</param>
/// <param name="loads">Counts the loads that have ended the engine; null for none.</param>
/// <param name="logger">The log.</param>
internal sealed class DevicePlacement(
    Func<IReadOnlyList<string>, IReadOnlyList<ComputeDevice>> findGpus, DeviceLoads? loads, ILogger logger)
{
    private const int MostDeaths = 2;
    private const double LessMemory = 0.75;
    private const long Megabyte = 1 << 20;

    /// <summary>Bytes that are free on all GPUs with memory of their own.</summary>
    public long FreeBytes => findGpus([]).Where(static device => !device.SharesMemory).Sum(static device => device.FreeBytes);

    /// <summary>Loads a model.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="settings">How to load it.</param>
    /// <param name="memoryBytes">Memory that it may take.</param>
    /// <param name="load">Loads it as planned, or as the library decides if there is no plan. Called once or twice.</param>
    /// <exception cref="InsufficientMemoryException">The GPUs have too little memory for the layers that the client requires.</exception>
    public async Task<T> LoadAsync<T>(string path, ModelSettings settings, long memoryBytes, Func<DevicePlan?, Task<T>> load)
    {
        IReadOnlyList<ComputeDevice> devices = findGpus(settings.Devices);
        if (devices.Count == 0)
        {
            bool isForProcessor = settings.Devices.Count > 0 && settings.Devices.All(IsProcessor);
            return await load(isForProcessor ? DevicePlan.Host : null).ConfigureAwait(false);
        }

        GgufHeader header = GgufHeader.Read(path);
        int deaths = loads?.CountDeaths(path) ?? 0;
        if (deaths > 0)
        {
            logger.LoadEndedEngine(path, deaths);
        }

        DevicePlan plan = deaths >= MostDeaths ? DevicePlan.Host : Plan(header, settings, memoryBytes, devices);
        plan = deaths > 0 ? Reduce(plan, header, settings, memoryBytes, devices) : plan;
        logger.Placed(path, plan.ToString());
        if (plan.IsOnHost)
        {
            return await load(plan).ConfigureAwait(false);
        }

        try
        {
            return await LoadAsync(path, plan, load).ConfigureAwait(false);
        }
        catch (Exception e) when (deaths == 0 && e is ModelFileException or DecodeException)
        {
            logger.PlacementFailed(path, e.Message);
        }

        plan = Reduce(plan, header, settings, memoryBytes, findGpus(settings.Devices));
        logger.Placed(path, plan.ToString());
        return await LoadAsync(path, plan, load).ConfigureAwait(false);
    }

    private static bool IsProcessor(string name) => name.Equals("CPU", StringComparison.OrdinalIgnoreCase);

    private async Task<T> LoadAsync<T>(string path, DevicePlan plan, Func<DevicePlan?, Task<T>> load)
    {
        using IDisposable? running = loads?.Begin(path);
        return await load(plan).ConfigureAwait(false);
    }

    private static DevicePlan Plan(GgufHeader header, ModelSettings settings, long memoryBytes, IReadOnlyList<ComputeDevice> devices)
    {
        var plan = new DecoderPlan(header, settings, Machine.Current(usesGpu: true));
        DeviceNeeds needs = DeviceNeeds.Of(header, plan.CacheBytes(1), plan.DeviceComputeBytes) with { LargerHalf = plan.LargerCacheHalf };
        return new DeviceFit(new LayerPlacement(needs, devices), plan.Request(memoryBytes)).Find()
            ?? throw Insufficient(header, settings, plan, memoryBytes, devices);
    }

    // On the devices of a plan that failed, with three quarters of the memory that it would have taken.
    private static DevicePlan Reduce(
        DevicePlan failed, GgufHeader header, ModelSettings settings, long memoryBytes, IReadOnlyList<ComputeDevice> devices) =>
        failed.IsOnHost ? failed : Plan(header, settings, memoryBytes,
        [
            .. from share in failed.Shares
               from device in devices
               where device.Name == share.Name
               select device with { FreeBytes = Math.Min(device.FreeBytes, (long)(share.Bytes * LessMemory)) },
        ]);

    private static InsufficientMemoryException Insufficient(
        GgufHeader header, ModelSettings settings, DecoderPlan plan, long memoryBytes, IReadOnlyList<ComputeDevice> devices)
    {
        int least = Math.Min(plan.LongestContext, settings.ContextLength is null ? DeviceFit.LeastContext : int.MaxValue);
        string what = FormattableString.Invariant(
            $"'{header.Path}' ({header.TotalBytes / Megabyte:N0} MiB) with a context of {least:N0} tokens");
        if (!plan.Request(memoryBytes).Suffices(least))
        {
            long needed = (plan.FixedBytes + plan.CacheBytes(least)) / Megabyte;
            return new InsufficientMemoryException(
                FormattableString.Invariant($"{what} takes {needed:N0} MiB, and the system and the GPUs together have ")
                + FormattableString.Invariant($"{memoryBytes / Megabyte:N0} MiB left for it. Unload other models, ")
                + "set ContextLength to a smaller number, KeyCacheType and ValueCacheType to q8_0, or use a smaller model.");
        }

        string free = string.Join(
            ", ", devices.Select(static device => FormattableString.Invariant($"{device.FreeBytes / Megabyte:N0} MiB of {device.Name}")));
        string layers = settings.GpuLayers is >= 0 and { } some ? FormattableString.Invariant($"{some} layers") : "All layers";
        return new InsufficientMemoryException(
            $"{layers} of {what} do not fit into the free memory of the GPUs: {free}. "
            + "Leave out GpuLayers, which puts as many layers there as fit, or set it or ContextLength to a smaller number.");
    }
}
