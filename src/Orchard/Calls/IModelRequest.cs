using Orchard.Models;

namespace Orchard.Calls;

/// <summary>Something a model is asked for, in terms that can be sent again to another engine.</summary>
internal interface IModelRequest
{
    /// <summary>Which model.</summary>
    string Model { get; }

    /// <summary>The request as it is sent, and what will read its answers.</summary>
    RenderedRequest Render(ReadyModel model);
}
