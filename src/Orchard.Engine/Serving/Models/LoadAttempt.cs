using System.Diagnostics.CodeAnalysis;
using Orchard.Engine.Inference;

namespace Orchard.Engine.Serving.Models;

/// <summary>
/// One attempt to load a model, and the commands that need its outcome. Members that are not thread-safe are guarded by the host's lock.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source owns no timer or wait handle, and a cancellation may arrive at any time.")]
internal sealed class LoadAttempt(string path, ModelSettings settings, int unnamed) : IProgress<float>
{
    private readonly TaskCompletionSource<LoadOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly CancellationTokenSource _abort = new();

    private readonly HashSet<LoadKey> _named = [];

    public string Path { get; } = path;

    /// <summary>How the model is loaded.</summary>
    public ModelSettings Settings { get; } = settings;

    /// <summary>Number of commands without a key that have not been cancelled. Their clients get the outcome as an event.</summary>
    public int Unnamed { get; private set; } = unnamed;

    public bool IsAborted => _abort.IsCancellationRequested;

    public CancellationToken AbortToken => _abort.Token;

    /// <summary>Completes with the result of the attempt. Never faults. Thread-safe.</summary>
    public Task<LoadOutcome> Outcome => _outcome.Task;

    /// <summary>Time of the latest reply to a command. The event must not overtake that reply.</summary>
    public long LastAnswer { get; private set; }

    /// <summary>Whether a command is answered only after the attempt has ended.</summary>
    public bool AnswersAtEnd { get; private set; }

    /// <summary>The complete attempt including its event. Never faults.</summary>
    public Task Run { get; set; } = Task.CompletedTask;

    /// <summary>The loaded share, 0 to 1. Thread-safe.</summary>
    public float Progress { get; private set; }

    void IProgress<float>.Report(float value) => Progress = value;

    /// <summary>Adds a command that needs the outcome.</summary>
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

    /// <summary>Removes a cancelled command. Returns false if it does not belong to this attempt.</summary>
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

    /// <summary>Whether no command needs the outcome any more.</summary>
    public bool IsUnwanted => Unnamed == 0 && _named.Count == 0;

    public void NoteAnswer(long timestamp, bool atEnd)
    {
        LastAnswer = timestamp;
        AnswersAtEnd |= atEnd;
    }

    /// <summary>Aborts the load. Thread-safe. Runs callbacks, so call it outside the lock.</summary>
    public void Abort() => _abort.Cancel();

    /// <summary>Sets the outcome. Thread-safe.</summary>
    public void Complete(LoadOutcome outcome) => _outcome.TrySetResult(outcome);
}
