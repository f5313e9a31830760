namespace QuickStart;

/// <summary>Ctrl+C stops the answer in progress; when there is none, or the second time, it leaves.</summary>
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

    /// <summary>Fires when the user wants to leave.</summary>
    public CancellationToken Leave => _leave.Token;

    /// <summary>Until it is disposed, Ctrl+C fires its token instead of leaving.</summary>
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

        // Not disposed: Ctrl+C may hold the source at this moment, and without a timer there is little to release.
        public void Dispose() => Interlocked.CompareExchange(ref _owner._answer, null, _source);
    }
}
