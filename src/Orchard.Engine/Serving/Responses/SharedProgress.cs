using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Serving.Responses;

/// <summary>Forwards the progress of one sequence to several observers, for greedy candidates that share one sequence.</summary>
internal sealed class SharedProgress(IReadOnlyList<ISequenceObserver> observers) : ISequenceObserver
{
    public void OnStarted()
    {
        foreach (ISequenceObserver observer in observers)
        {
            observer.OnStarted();
        }
    }

    public void OnPrefilling(int computed, int total)
    {
        foreach (ISequenceObserver observer in observers)
        {
            observer.OnPrefilling(computed, total);
        }
    }

    public void OnPrefilled()
    {
        foreach (ISequenceObserver observer in observers)
        {
            observer.OnPrefilled();
        }
    }

    public void OnProgress(in SequenceProgress progress)
    {
        foreach (ISequenceObserver observer in observers)
        {
            observer.OnProgress(progress);
        }
    }
}
