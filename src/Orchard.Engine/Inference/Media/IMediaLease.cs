namespace Orchard.Engine.Inference.Media;

/// <summary>Embeddings that a request holds until it is disposed. Thread-safe.</summary>
internal interface IMediaLease : IDisposable
{
    /// <summary>Holds embeddings from now on, and counts them. Returns false, and does neither, if the lease was disposed.</summary>
    /// <param name="media">The embeddings, which somebody else holds during the call.</param>
    bool TryAdd(EncodedMedia media);
}
