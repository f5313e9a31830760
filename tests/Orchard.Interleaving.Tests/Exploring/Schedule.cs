using System.Diagnostics.CodeAnalysis;

namespace Orchard.Interleaving;

/// <summary>
/// One run of a scenario, in the order of steps that its seed gives. Of all its threads one runs at a time, the one with the baton; at
/// every lock, atomic operation, completion and look at a task, the baton may go to another. So the run repeats exactly.
/// </summary>
internal sealed class Schedule
{
    private const int MaxSteps = 50_000;
    private const int EarlyTimerRate = 100;

    private readonly Stack<Worker> _idle;
    private readonly Random _random;
    private readonly Chooser _chooser;
    private readonly List<Worker> _stopped = [];
    private readonly List<WorkItem> _queue = [];
    private readonly List<Runnable> _candidates = [];
    private readonly List<Task> _running = [];
    private readonly List<Task> _faults = [];
    private readonly List<string>? _trace;
    private readonly ManualResetEventSlim _over = new(false, spinCount: 200);
    private int _strands;
    private int _steps;
    private Task? _root;

    /// <param name="seed">Gives the order.</param>
    /// <param name="idle">Threads to use, and to leave behind.</param>
    /// <param name="traced">Whether steps are written down.</param>
    public Schedule(int seed, Stack<Worker> idle, bool traced)
    {
        _idle = idle;
        _random = new Random(seed);
        _chooser = Chooser.For(_random);
        _trace = traced ? [] : null;
        Time = new VirtualTime((name, action) => Queue(name, action));
    }

    /// <summary>The schedule of this thread; null where none controls it.</summary>
    public static Schedule? Current => Worker.Current?.Schedule;

    public VirtualTime Time { get; }

    /// <summary>Whether a timer may also fire while others can go on, as on a machine that is busy with something else.</summary>
    public bool TimersMayBeEarly { get; set; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public string? Failure { get; private set; }

    public int Steps => _steps;

    /// <summary>The steps taken, when they were written down.</summary>
    public IReadOnlyList<string> Trace => _trace ?? [];

    /// <summary>A place where the baton may change hands. Nothing where no schedule is in control.</summary>
    public static void Point(string what)
    {
        if (Worker.Current is { } worker)
        {
            worker.Schedule.Pass(worker, what);
        }
    }

    /// <summary>Stops this thread until the condition holds.</summary>
    public static void BlockUntil(Func<bool> condition, string what)
    {
        if (Worker.Current is not { } worker)
        {
            throw new InvalidOperationException($"Waiting for {what} outside a schedule.");
        }

        while (!condition())
        {
            (worker.BlockedUntil, worker.BlockedOn) = (condition, what);
            worker.Schedule.Pass(worker, $"waits for {what}");
            (worker.BlockedUntil, worker.BlockedOn) = (null, null);
        }
    }

    /// <summary>A number below the limit, drawn by the seed.</summary>
    public int Draw(int limit) => _random.Next(limit);

    /// <summary>Hands work to another thread.</summary>
    public void Queue(string name, Action action)
    {
        var item = new WorkItem(++_strands, name, action);
        _chooser.Rank(item);
        _queue.Add(item);
    }

    /// <summary>A task that ends by itself, when the schedule comes to it.</summary>
    public Task LaterAsync(string name)
    {
        var later = new Task<int>(name);
        Queue(name, () => later.TrySucceed(0));
        return later;
    }

    /// <summary>An async method that has begun and is to end before the schedule does.</summary>
    public void Begin(Task task) => _running.Add(task);

    public void End(Task task) => _running.Remove(task);

    /// <summary>A task that failed: somebody is to look at its exception before the schedule ends.</summary>
    public void ExpectObserver(Task task) => _faults.Add(task);

    /// <summary>Runs the scenario to its end, and looks at what it left behind.</summary>
    public void Run(Func<Schedule, Task> scenario, TimeSpan limit)
    {
        Queue("the scenario", () => _root = scenario(this));
        GoOn();
        if (!_over.Wait(limit))
        {
            Failure = $"A thread did not come back within {limit.TotalSeconds:0} s: it waits for something that no schedule controls.{Describe()}";
        }

        Failure ??= FindLeftovers();
    }

    /// <summary>Ends the schedule here. Its other threads are never woken again.</summary>
    [DoesNotReturn]
    public void Fail(string message)
    {
        Failure = message;
        _over.Set();
        Thread.Sleep(Timeout.Infinite);
        throw new InvalidOperationException();
    }

    /// <summary>Runs a worker's work, and whatever the worker is chosen for next; returns when others go on.</summary>
    public void RunWork(Worker worker)
    {
        while (worker.Item is { } item)
        {
            worker.Item = null;
            Note(item.Strand, $"begins: {item.Name}");
            worker.Strand = item.Strand;
            try
            {
                item.Action();
            }
            catch (Exception e)
            {
                Fail($"An exception escaped from '{item.Name}': {e}");
            }

            if (worker.Locks != 0)
            {
                Fail($"'{item.Name}' ended with {worker.Locks} locks held.");
            }

            switch (Next(null))
            {
                case WorkItem next:
                    Give(worker, next);
                    break;
                case Worker other:
                    _stopped.Remove(other);
                    _idle.Push(worker);
                    other.Wake();
                    return;
                default:
                    _idle.Push(worker);
                    _over.Set();
                    return;
            }
        }
    }

    private void GoOn()
    {
        Worker worker = _idle.Count > 0 ? _idle.Pop() : new Worker();
        Give(worker, (WorkItem)Next(null)!);
        worker.Wake();
    }

    private void Pass(Worker worker, string what)
    {
        Note(worker.Strand, what);
        if (++_steps > MaxSteps)
        {
            Fail($"The scenario does not end: {MaxSteps} steps.{Describe()}");
        }

        _stopped.Add(worker);
        Runnable? next = Next(worker.CanGoOn ? worker : null);
        switch (next)
        {
            case Worker other when other == worker:
                _stopped.Remove(worker);
                return;
            case Worker other:
                _stopped.Remove(other);
                other.Wake();
                break;
            case WorkItem item:
                Worker fresh = _idle.Count > 0 ? _idle.Pop() : new Worker();
                Give(fresh, item);
                fresh.Wake();
                break;
            default:
                Fail($"Nobody can go on.{Describe()}");
                break;
        }

        worker.Wait();
    }

    private void Give(Worker worker, WorkItem item)
    {
        _queue.Remove(item);
        worker.Schedule = this;
        worker.Priority = item.Priority;
        worker.Item = item;
    }

    // Null when there is nobody left.
    private Runnable? Next(Worker? current)
    {
        if (TimersMayBeEarly && _random.Next(EarlyTimerRate) == 0)
        {
            Time.TryPass();
        }

        do
        {
            _candidates.Clear();
            foreach (Worker worker in _stopped)
            {
                if (worker.CanGoOn)
                {
                    _candidates.Add(worker);
                }
            }

            _candidates.AddRange(_queue);
            if (_candidates.Count > 0)
            {
                return _chooser.Choose(_candidates, current);
            }
        }
        while (_root is not { IsOver: true } && Time.TryPass());

        if (_stopped.Count > 0)
        {
            Fail($"Nobody can go on.{Describe()}");
        }

        return null;
    }

    private string? FindLeftovers()
    {
        if (_root is not { IsOver: true })
        {
            return $"The scenario waits for ever.{Describe()}";
        }

        if (_root.Error is { } error)
        {
            return error is VerificationException ? error.Message : $"The scenario failed: {error}";
        }

        if (_running.Count > 0)
        {
            return $"Something was left running.{Describe()}";
        }

        if (Time.Active > 0)
        {
            return $"{Time.Active} timers were left running.";
        }

        return _faults.Find(task => !task.IsObserved) is { } fault ? $"Nobody looked at a failure: {fault.Error}" : null;
    }

    private string Describe()
    {
        IEnumerable<string> threads = _stopped.Select(worker => $"thread of strand {worker.Strand}, waiting for {worker.BlockedOn ?? "its turn"}");
        IEnumerable<string> tasks = _running.Select(task => $"async method {task.Name}");
        return string.Concat(threads.Concat(tasks).Select(line => $"{Environment.NewLine}  still there: {line}"));
    }

    private void Note(int strand, string what) => _trace?.Add($"{strand,4}  {what}");
}
