namespace Orchard.Interleaving;

/// <summary>What the scheduler can let go on: work nobody has begun, or a worker in the middle of some.</summary>
internal abstract class Runnable
{
    /// <summary>For an order by priority: the highest goes first.</summary>
    public int Priority { get; set; }
}
