using System.Runtime.InteropServices;

namespace Orchard.Cli.Terminals;

/// <summary>Ctrl+C: stops the answer in progress, or leaves if there is none or it is pressed again. Thread-safe.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private CancellationTokenSource? _answer;

    /// <summary>Cancelled when the user wants to leave.</summary>
    public CancellationToken Leave => _leave.Token;

    /// <summary>The signals of this process. SIGTERM leaves at once.</summary>
    public static Interrupts OfProcess()
    {
        var interrupts = new Interrupts();
        interrupts._signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = interrupts.Press()));
        interrupts._signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = interrupts.PressToLeave()));
        return interrupts;
    }

    /// <summary>Ctrl+C was pressed. Returns whether that had an effect; if not, the process should end at once.</summary>
    public bool Press()
    {
        CancellationTokenSource? answer = Interlocked.Exchange(ref _answer, null);
        if (answer is null)
        {
            return PressToLeave();
        }

        answer.Cancel();
        return true;
    }

    /// <summary>Begins an answer. Until it is disposed, Ctrl+C cancels its token instead of leaving.</summary>
    public Answer BeginAnswer() => new(this);

    public void Dispose() => _signals.ForEach(static signal => signal.Dispose());

    private bool PressToLeave()
    {
        if (_leave.IsCancellationRequested)
        {
            return false;
        }

        _leave.Cancel();
        return true;
    }

    /// <summary>An answer in progress.</summary>
    internal sealed class Answer : IDisposable
    {
        private readonly Interrupts _owner;
        private readonly CancellationTokenSource _source;

        public Answer(Interrupts owner)
        {
            _owner = owner;
            _source = CancellationTokenSource.CreateLinkedTokenSource(owner.Leave);
            Volatile.Write(ref owner._answer, _source);
        }

        public CancellationToken Token => _source.Token;

        /// <summary>Whether Ctrl+C stopped this answer, and nothing else.</summary>
        public bool IsStopped => _source.IsCancellationRequested && !_owner.Leave.IsCancellationRequested;

        // The source is not disposed: a signal may be using it, and without a timer it holds no resources.
        public void Dispose() => Interlocked.CompareExchange(ref _owner._answer, null, _source);
    }
}
