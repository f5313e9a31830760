using Orchard.Protocol.Media;

namespace Orchard.Engine.Inference.Media;

/// <summary>Turns images and sound into embeddings of a model. Thread-safe.</summary>
internal interface IMediaProjector : IAsyncDisposable
{
    /// <summary>Absolute path of its file.</summary>
    string Path { get; }

    /// <summary>Whether it takes images, or sound.</summary>
    bool Takes(MediaKind kind);

    /// <summary>
    /// Waits until the embeddings that requests hold take less memory than they may. Dispose the result when those of this request are not
    /// needed any more.
    /// </summary>
    ValueTask<IMediaLease> ReserveAsync(CancellationToken cancellationToken);

    /// <summary>Encodes an image or sound. One at a time; the others wait.</summary>
    /// <param name="input">The file.</param>
    /// <param name="maxTokens">Most tokens that it may become.</param>
    /// <param name="lease">Holds the result.</param>
    /// <param name="cancellationToken">Ends the wait. An image that is being encoded is completed.</param>
    /// <exception cref="MediaException">The file cannot be used.</exception>
    /// <exception cref="DecodeException">The library could not encode it.</exception>
    Task<EncodedMedia> EncodeAsync(MediaInput input, int maxTokens, IMediaLease lease, CancellationToken cancellationToken);
}
