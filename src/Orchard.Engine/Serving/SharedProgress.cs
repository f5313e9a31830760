using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Serving;

/// <summary>Tells several observers what one sequence produces: greedy candidates of a prompt are all the same, so one is decoded for all.</summary>
internal sealed class SharedProgress(IReadOnlyList<ISequenceObserver> observers) : ISequenceObserver
{
    public void OnStarted()
    {
        foreach (ISequenceObserver observer in observers)
        {
            observer.OnStarted();
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
