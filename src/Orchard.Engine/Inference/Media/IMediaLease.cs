namespace Orchard.Engine.Inference.Media;

/// <summary>Memory of embeddings that a request holds, until it is disposed.</summary>
internal interface IMediaLease : IDisposable
{
    /// <summary>Counts embeddings that the request holds from now on.</summary>
    void Add(EncodedMedia media);
}
