using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;

namespace Orchard.Engine.Serving.Models;

/// <summary>Estimates the memory that a model needs, from the header of its file.</summary>
internal static class MemoryEstimate
{
    private const long Megabyte = 1 << 20;

    /// <summary>Returns the memory that a model needs.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="settings">How it is to be loaded.</param>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    /// <exception cref="DraftModelException">The draft model cannot be used.</exception>
    public static ModelNeeds Of(string path, ModelSettings settings)
    {
        GgufHeader header = GgufHeader.Read(path);
        var plan = new DecoderPlan(header, settings, Machine.Current());
        long projector = ProjectorPlan.Of(header, settings).Bytes;
        var draft = DraftPlan.Of(header, settings);
        long drafter = draft?.BytesFor(0) ?? 0;
        long fixedBytes = plan.FixedBytes + projector + drafter;
        int longest = plan.LongestContext;
        int least = settings.ContextLength is null ? Math.Min(longest, DecoderPlan.LeastContext) : longest;
        int enough = Math.Max(least, Math.Min(longest, DecoderPlan.EnoughContext));
        int sequences = plan.Sequences;
        string parts = FormattableString.Invariant($"Of that, the weights take {header.TotalBytes / Megabyte:N0} MiB, ")
            + FormattableString.Invariant($"the compute buffers {plan.ComputeBytes / Megabyte:N0} MiB and ")
            + (projector > 0 ? FormattableString.Invariant($"the projector {projector / Megabyte:N0} MiB and ") : "")
            + (drafter > 0 ? FormattableString.Invariant($"the draft model {drafter / Megabyte:N0} MiB and ") : "")
            + FormattableString.Invariant(
                $"the memory of {least:N0} tokens {(plan.CacheBytes(least) + plan.StateBytes(1)) / Megabyte:N0} MiB. ");
        return new ModelNeeds(
            fixedBytes + CacheBytes(least) + plan.StateBytes(1),
            fixedBytes + CacheBytes(enough) + plan.StateBytes(1),
            fixedBytes + CacheBytes((long)sequences * longest) + plan.StateBytes(sequences) + plan.CheckpointBytes,
            parts + "Set ContextLength to a smaller number, KeyCacheType and ValueCacheType to q8_0, or use a smaller model.");

        long CacheBytes(long tokens) => plan.CacheBytes(tokens) + (draft?.CacheBytes(tokens) ?? 0);
    }
}
