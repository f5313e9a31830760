using Orchard.Models.Sources;

namespace Orchard.Routing;

/// <summary>One of the two models of a route. Thread-safe.</summary>
internal sealed class RouteSide
{
    /// <param name="isRemote">Whether it is the one of a source.</param>
    /// <param name="model">The model's name at its provider.</param>
    /// <param name="provider">Who serves it.</param>
    /// <param name="time">The clock.</param>
    public RouteSide(bool isRemote, string model, IModelProvider provider, TimeProvider time)
    {
        (IsRemote, Model, Provider, LastProvider) = (isRemote, model, provider, provider);
        Circuit = new Circuit(time);
    }

    /// <summary>Whether this is the model of a source; otherwise it is the one on this machine.</summary>
    public bool IsRemote { get; }

    /// <summary>The model's name at its provider.</summary>
    public string Model { get; }

    /// <summary>Who serves it.</summary>
    public IModelProvider Provider { get; }

    /// <summary>Who serves it when the other side has failed, and does more to have an answer.</summary>
    public IModelProvider LastProvider { get; init; }

    /// <summary>Whether it works.</summary>
    public Circuit Circuit { get; }
}
