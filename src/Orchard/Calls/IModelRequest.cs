using Orchard.Models;

namespace Orchard.Calls;

/// <summary>A checked request to a model. It can be rendered more than once, for each engine that it is sent to.</summary>
/// <typeparam name="T">The type of the results that the caller reads.</typeparam>
internal interface IModelRequest<T>
    where T : class
{
    /// <summary>The model, as the caller named it.</summary>
    string Model { get; }

    /// <summary>Renders the request for a loaded model.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    RenderedRequest<T> Render(ReadyModel model, CancellationToken cancellationToken);
}
