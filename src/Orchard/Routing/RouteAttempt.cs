using Orchard.Models.Sources;

namespace Orchard.Routing;

/// <summary>One model's attempt to answer a call. Not thread-safe.</summary>
/// <param name="side">The model.</param>
/// <param name="provider">Who serves it.</param>
internal sealed class RouteAttempt(RouteSide side, IModelProvider provider)
{
    /// <summary>Who serves the model.</summary>
    public IModelProvider Provider => provider;

    /// <summary>The model's name at its provider.</summary>
    public string Model => side.Model;

    /// <summary>Whether the model has begun to answer.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Notes that the model has begun to answer, so that it works.</summary>
    public void Begin()
    {
        HasBegun = true;
        side.Circuit.Succeed();
    }
}
