using Orchard.Engine.Prefixes;
using Orchard.Engine.Scheduling.Speculation;

namespace Orchard.Engine.Scheduling;

/// <summary>Settings of a <see cref="BatchScheduler"/>.</summary>
internal sealed record BatchSchedulerOptions
{
    /// <summary>Maximum number of prompt tokens in a step in which other sequences decode (default: 256).</summary>
    public int MaxPrefillTokensPerStep { get; init; } = 256;

    /// <summary>
    /// Whether sequences draft tokens, from their grammar or their own text, and verify several in one step (default: no).
    /// </summary>
    public bool Speculates { get; init; }

    /// <summary>A smaller model that drafts tokens if <see cref="Speculates"/> is set; null for none (default: null).</summary>
    public DraftModelOptions? DraftModel { get; init; }

    /// <summary>
    /// Maximum memory for the checkpoints of a model whose state cannot be rewound, in bytes (default: 64 MiB).
    /// </summary>
    public long CheckpointBytes { get; init; } = 64 << 20;

    /// <summary>
    /// How many short prefixes are kept in slots whose sequences have ended (default: as many as there are slots). Prefixes of 128 tokens
    /// or more are not counted.
    /// </summary>
    public int MaxShortPrefixes { get; init; } = int.MaxValue;

    /// <summary>
    /// How long the first sequence after an idle period waits for each further sequence to start with (default: 1 ms). It waits only if a
    /// step takes several times as long.
    /// </summary>
    public TimeSpan BurstGap { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>What is kept on disk, for later engines; null for nothing (default: null). Owned.</summary>
    public PrefixStore? Prefixes { get; init; }

    /// <summary>How long no sequence runs before what the slots hold is written to disk (default: 2 s).</summary>
    public TimeSpan IdleBeforeSave { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the end of the scheduler may be delayed by what is written to disk (default: 1.5 s).</summary>
    public TimeSpan SaveAtEnd { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>The clock that steps are measured with (default: the system's).</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
