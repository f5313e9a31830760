using System.Diagnostics.CodeAnalysis;

namespace Orchard.Engine.Serving.Models;

/// <summary>One attempt to load a model, and how many commands want its outcome. Guarded by its host's lock where not said otherwise.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle, and a cancel may come at any time.")]
internal sealed class LoadAttempt(string path, int interest) : IProgress<float>
{
    private readonly TaskCompletionSource<LoadOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly CancellationTokenSource _abort = new();

    public string Path { get; } = path;

    /// <summary>Load commands that wait for this attempt, less those taken back.</summary>
    public int Interest { get; set; } = interest;

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
