namespace Orchard.Interleaving;

/// <summary>A thread that runs work when it is handed the baton, and stops wherever it hands the baton on.</summary>
internal sealed class Worker : Runnable
{
    [ThreadStatic]
    private static Worker? _current;

    private readonly System.Threading.SemaphoreSlim _baton = new(0);

    public Worker() => new Thread(Run) { IsBackground = true, Name = "Interleaving" }.Start();

    /// <summary>The worker of this thread; null on a thread that no schedule controls.</summary>
    public static Worker? Current => _current;

    public Schedule Schedule { get; set; } = null!;

    /// <summary>The work to begin with when it is woken.</summary>
    public WorkItem? Item { get; set; }

    /// <summary>The strand it runs.</summary>
    public int Strand { get; set; }

    /// <summary>Locks it holds.</summary>
    public int Locks { get; set; }

    /// <summary>What it cannot go on without; null when nothing.</summary>
    public Func<bool>? BlockedUntil { get; set; }

    public string? BlockedOn { get; set; }

    public bool CanGoOn => BlockedUntil is null || BlockedUntil();

    public void Wake() => _baton.Release();

    public void Wait() => _baton.Wait();

    private void Run()
    {
        _current = this;
        while (true)
        {
            Wait();
            Schedule.RunWork(this);
        }
    }
}
