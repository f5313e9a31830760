namespace Orchard.Engine.Inference;

/// <summary>A copy of the state of a sequence that cannot be rewound. Valid as long as its decoder.</summary>
internal abstract class SequenceSnapshot : IDisposable
{
    /// <summary>Memory that it takes, in bytes.</summary>
    public abstract long Bytes { get; }

    public abstract void Dispose();
}
