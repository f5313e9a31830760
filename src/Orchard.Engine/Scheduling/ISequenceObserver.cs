namespace Orchard.Engine.Scheduling;

/// <summary>Receives the output of one sequence on the scheduler's thread. Calls must be short and must not throw.</summary>
internal interface ISequenceObserver
{
    /// <summary>Called when the sequence has left the queue.</summary>
    void OnStarted()
    {
    }

    /// <summary>Called when the prompt has been computed and the first token sampled.</summary>
    void OnPrefilled()
    {
    }

    /// <summary>Called at most once per step, and finally once with an end.</summary>
    void OnProgress(in SequenceProgress progress);
}
