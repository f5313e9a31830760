using System.Diagnostics.CodeAnalysis;

namespace Orchard.Engine.Serving.Models;

/// <summary>One attempt to load a model, and how many commands want its outcome. Guarded by its host's lock where not said otherwise.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle, and a cancel may come at any time.")]
internal sealed class LoadAttempt(string path, int unnamed) : IProgress<float>
{
    private readonly TaskCompletionSource<LoadOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly CancellationTokenSource _abort = new();

    private readonly HashSet<LoadKey> _named = [];

    public string Path { get; } = path;

    /// <summary>Commands of clients that do not name their loads, less those taken back. Their outcome comes by event.</summary>
    public int Unnamed { get; private set; } = unnamed;

    public bool IsAborted => _abort.IsCancellationRequested;

    public CancellationToken AbortToken => _abort.Token;

    /// <summary>Never faults. Thread-safe.</summary>
    public Task<LoadOutcome> Outcome => _outcome.Task;

    /// <summary>When the latest command was answered; the event must not overtake that answer.</summary>
    public long LastAnswer { get; private set; }

    /// <summary>Whether a command is answered only when the attempt is over.</summary>
    public bool AnswersAtEnd { get; private set; }

    /// <summary>The whole of it, event included. Never faults.</summary>
    public Task Run { get; set; } = Task.CompletedTask;

    /// <summary>The share that is loaded, 0 to 1. Thread-safe.</summary>
    public float Progress { get; private set; }

    void IProgress<float>.Report(float value) => Progress = value;

    /// <summary>Counts one more command that wants the outcome.</summary>
    public void Join(LoadKey? key)
    {
        if (key is { } named)
        {
            _named.Add(named);
        }
        else
        {
            Unnamed++;
        }
    }

    /// <summary>Takes a command back; false when it did not want this attempt.</summary>
    public bool Leave(LoadKey? key)
    {
        if (key is { } named)
        {
            return _named.Remove(named);
        }

        if (Unnamed == 0)
        {
            return false;
        }

        Unnamed--;
        return true;
    }

    /// <summary>Whether nobody wants the outcome any more.</summary>
    public bool IsUnwanted => Unnamed == 0 && _named.Count == 0;

    public void NoteAnswer(long timestamp, bool atEnd)
    {
        LastAnswer = timestamp;
        AnswersAtEnd |= atEnd;
    }

    /// <summary>Thread-safe; runs callbacks, so call it outside the lock.</summary>
    public void Abort() => _abort.Cancel();

    /// <summary>Thread-safe.</summary>
    public void Complete(LoadOutcome outcome) => _outcome.TrySetResult(outcome);
}
