using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>How a sequence ended.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Error">Error message; set for <see cref="SequenceEndReason.Failed"/>.</param>
/// <param name="StopToken">The end-of-generation token, if one ended it.</param>
/// <param name="StopString">The stop sequence that matched, if one did.</param>
internal sealed record SequenceEnd(SequenceEndReason Reason, string? Error = null, int? StopToken = null, string? StopString = null)
{
    public static SequenceEnd Length { get; } = new(SequenceEndReason.Length);

    public static SequenceEnd Cancelled { get; } = new(SequenceEndReason.Cancelled);

    /// <summary>Returns the end of a sequence that failed with an exception.</summary>
    public static SequenceEnd Failed(Exception exception) => new(
        SequenceEndReason.Failed,
        exception is DecodeException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}");
}
