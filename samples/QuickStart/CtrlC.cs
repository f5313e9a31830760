namespace QuickStart;

/// <summary>Handles Ctrl+C: stops the answer in progress, or exits if there is none or Ctrl+C is pressed again.</summary>
internal sealed class CtrlC
{
    private readonly CancellationTokenSource _leave = new();
    private CancellationTokenSource? _answer;

    public CtrlC() =>
        Console.CancelKeyPress += (_, pressed) =>
        {
            CancellationTokenSource? answer = Interlocked.Exchange(ref _answer, null);
            if (answer is not null)
            {
                answer.Cancel();
                pressed.Cancel = true;
            }
            else if (!_leave.IsCancellationRequested)
            {
                _leave.Cancel();
                pressed.Cancel = true;
            }
        };

    /// <summary>Cancelled when the user wants to exit.</summary>
    public CancellationToken Leave => _leave.Token;

    /// <summary>Begins an answer. Until it is disposed, Ctrl+C cancels its token instead of exiting.</summary>
    public Answer BeginAnswer() => new(this);

    /// <summary>An answer in progress.</summary>
    internal sealed class Answer : IDisposable
    {
        private readonly CtrlC _owner;
        private readonly CancellationTokenSource _source;

        public Answer(CtrlC owner)
        {
            _owner = owner;
            _source = CancellationTokenSource.CreateLinkedTokenSource(owner.Leave);
            Volatile.Write(ref owner._answer, _source);
        }

        public CancellationToken Token => _source.Token;

        // The source is not disposed: the Ctrl+C handler may be using it, and without a timer it holds no resources.
        public void Dispose() => Interlocked.CompareExchange(ref _owner._answer, null, _source);
    }
}
