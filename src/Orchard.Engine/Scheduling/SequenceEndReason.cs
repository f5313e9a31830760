namespace Orchard.Engine.Scheduling;

/// <summary>Why a sequence ended.</summary>
internal enum SequenceEndReason
{
    /// <summary>End-of-generation token, stop sequence, or complete grammar.</summary>
    Stop,

    /// <summary>Token limit, or full context.</summary>
    Length,

    Cancelled,

    Failed,
}
