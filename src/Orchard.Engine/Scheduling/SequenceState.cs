namespace Orchard.Engine.Scheduling;

/// <summary>State of a <see cref="Sequence"/>.</summary>
internal enum SequenceState
{
    /// <summary>In the queue, without a slot.</summary>
    Waiting,

    /// <summary>Computing its prompt.</summary>
    Prefilling,

    /// <summary>Generating tokens.</summary>
    Decoding,

    Ended,
}
