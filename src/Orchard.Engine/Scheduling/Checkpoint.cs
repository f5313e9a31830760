using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>The state of a model after the first tokens of a prompt, from which other prompts that begin with them can go on.</summary>
/// <param name="tokens">The tokens.</param>
/// <param name="variant">Identifies the adapters that they were computed with.</param>
/// <param name="snapshot">The state; owned.</param>
internal sealed class Checkpoint(int[] tokens, object? variant, SequenceSnapshot snapshot)
{
    public ReadOnlySpan<int> Tokens => tokens;

    public object? Variant => variant;

    public SequenceSnapshot Snapshot => snapshot;

    /// <summary>Memory that it takes.</summary>
    public long Bytes => snapshot.Bytes + (tokens.Length * sizeof(int));

    /// <summary>Grows with each use of any checkpoint.</summary>
    public long LastUse { get; set; }
}
