namespace Orchard.Interleaving;

/// <summary>A piece of work that waits for a thread, as in a thread pool: a continuation, the callback of a timer, a caller.</summary>
internal sealed class WorkItem(int strand, string name, Action action) : Runnable
{
    /// <summary>Which strand of the schedule it is, counted from its beginning: the same in every run of one seed.</summary>
    public int Strand { get; } = strand;

    public string Name { get; } = name;

    public Action Action { get; } = action;
}
