namespace Orchard.Engine.Scheduling;

/// <summary>Receives the output of one sequence on the scheduler's thread. Calls must be short and must not throw.</summary>
internal interface ISequenceObserver
{
    /// <summary>Called when the sequence has left the queue.</summary>
    void OnStarted()
    {
    }

    /// <summary>Called after each step that computed a part of the prompt but not its end.</summary>
    /// <param name="computed">Number of prompt tokens in the KV cache.</param>
    /// <param name="total">Number of prompt tokens.</param>
    void OnPrefilling(int computed, int total)
    {
    }

    /// <summary>Called when the prompt has been computed and the first token sampled.</summary>
    void OnPrefilled()
    {
    }

    /// <summary>Called at most once per step, and finally once with an end.</summary>
    void OnProgress(in SequenceProgress progress);
}
