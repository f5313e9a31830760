using System.Collections.Concurrent;
using System.Security.Cryptography;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Media.Files;
using Orchard.Engine.Native;
using Orchard.Engine.Native.Media;
using Orchard.Protocol.Media;

namespace Orchard.Engine.Inference.Media;

/// <summary>
/// A projector of llama.cpp. It encodes on a thread of its own, so that the decoder goes on meanwhile, with at most half of the processors.
/// </summary>
internal sealed class MediaProjector : IMediaProjector
{
    private const long LeastCacheBytes = 4L << 20;
    private const long MostCacheBytes = 64L << 20;
    private const long RequestBytes = 256L << 20;
    private const int KnownChunks = 64 * 1024;

    private readonly MtmdProjectorHandle _handle;
    private readonly BlockingCollection<Job> _jobs = [];
    private readonly MediaRoom _room = new(RequestBytes);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _seesImages;
    private readonly bool _hearsSound;
    private readonly bool _hasGrid;
    private readonly int _width;
    private readonly int _longestSpan;
    private volatile bool _isEncoding;

    // The members below are used by the projector's thread only.
    private readonly MediaCache _cache;
    private readonly Placeholders _placeholders = new(KnownChunks);

    private MediaProjector(ProjectorHeader header, MtmdProjectorHandle handle, int longestSpan)
    {
        Header = header;
        _handle = handle;
        _longestSpan = longestSpan;
        _cache = new MediaCache(CacheBytesFor(header));
        _seesImages = handle.SeesImages;
        _hearsSound = handle.HearsSound;
        _hasGrid = handle.HasGridPositions;
        _width = handle.EmbeddingLength;
        HasNonCausalImages = _seesImages && handle.HasNonCausalImages;
        new Thread(Run) { Name = $"media {System.IO.Path.GetFileNameWithoutExtension(header.Path)}", IsBackground = true }.UnsafeStart();
    }

    /// <summary>The header of its file.</summary>
    public ProjectorHeader Header { get; }

    /// <inheritdoc/>
    public string Path => Header.Path;

    /// <summary>Whether all tokens of an image attend to each other, so that an image must fit into one batch.</summary>
    public bool HasNonCausalImages { get; }

    /// <summary>Whether it encodes at the moment, which takes processors.</summary>
    public bool IsEncoding => _isEncoding;

    /// <summary>
    /// Returns the most bytes of encoded images and sound that are kept for the next turns: as many as the projector has, within bounds. A
    /// small one encodes again in no time.
    /// </summary>
    public static long CacheBytesFor(ProjectorHeader header) => Math.Clamp(header.FileBytes, LeastCacheBytes, MostCacheBytes);

    /// <summary>Loads a projector synchronously.</summary>
    /// <param name="header">The header of its file.</param>
    /// <param name="model">The model that it is for.</param>
    /// <param name="longestSpan">Most tokens that can be decoded together.</param>
    /// <param name="usesGpu">Whether it may be loaded onto a GPU.</param>
    /// <exception cref="ModelFileException">The library cannot load it, or it is for another model.</exception>
    /// <exception cref="NativeLibraryException">The library for images and sound cannot be used.</exception>
    public static MediaProjector Load(ProjectorHeader header, LlamaModel model, int longestSpan, bool usesGpu)
    {
        MtmdProjectorHandle handle = MtmdProjectorHandle.Load(
            header.Path, model.Handle, Math.Max(1, Environment.ProcessorCount / 2), usesGpu, out string problem);
        if (!handle.IsInvalid)
        {
            return new MediaProjector(header, handle, longestSpan);
        }

        handle.Dispose();
        throw new ModelFileException(
            header.Path,
            $"The projector '{header.Path}' ({header.FileBytes:N0} bytes) cannot be used with the model '{model.Header.Path}'. {problem}"
            + "Use the projector that was published with the model.");
    }

    /// <inheritdoc/>
    public bool Takes(MediaKind kind) => kind switch
    {
        MediaKind.Image => _seesImages,
        MediaKind.Audio => _hearsSound,
        _ => false,
    };

    /// <inheritdoc/>
    public ValueTask<IMediaLease> ReserveAsync(CancellationToken cancellationToken) => _room.ReserveAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<EncodedMedia> EncodeAsync(MediaInput input, int maxTokens, IMediaLease lease, CancellationToken cancellationToken)
    {
        if (MediaFileRules.FindProblem(input.Kind, input.File.Span) is { } problem)
        {
            throw new MediaException($"{Name(input)} {problem}.", input.Index);
        }

        var job = new Job(input, maxTokens, lease, cancellationToken);
        try
        {
            _jobs.Add(job, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(MediaProjector));
        }

        return job.Completion.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Cancels what waits, completes what is being encoded, and frees the projector.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_jobs)
        {
            if (!_jobs.IsAddingCompleted)
            {
                _jobs.CompleteAdding();
            }
        }

        return new ValueTask(_stopped.Task);
    }

    private static string Name(MediaInput input) =>
        $"{(input.Kind == MediaKind.Audio ? "Audio file" : "Image")} {input.Index + 1} of the prompt";

    private void Run()
    {
        ThreadPriorities.LowerCurrent(); // streams of text go on
        foreach (Job job in _jobs.GetConsumingEnumerable())
        {
            if (_jobs.IsAddingCompleted)
            {
                job.Completion.TrySetException(new ObjectDisposedException(nameof(MediaProjector)));
            }
            else if (job.CancellationToken.IsCancellationRequested)
            {
                job.Completion.TrySetCanceled(job.CancellationToken);
            }
            else
            {
                Run(job);
            }
        }

        _cache.Dispose();
        _handle.Dispose();
        _stopped.SetResult();
    }

    private void Run(Job job)
    {
        _isEncoding = true;
        try
        {
            if (Encode(job) is { } media)
            {
                job.Completion.TrySetResult(media);
            }
            else
            {
                job.Completion.TrySetCanceled(job.CancellationToken); // the request has ended
            }
        }
        catch (Exception e)
        {
            job.Completion.TrySetException(e);
            _ = job.Completion.Task.Exception; // whoever waited for it may have left
        }
        finally
        {
            _isEncoding = false;
        }
    }

    private EncodedMedia? Encode(Job job)
    {
        string id = Convert.ToHexString(SHA256.HashData(job.Input.File.Span));
        if (_cache.TryGet(id, out EncodedMedia? known))
        {
            return job.Lease.TryAdd(known) ? known : null;
        }

        EncodedMedia encoded = Encode(job.Input, job.MaxTokens, id);
        try
        {
            _cache.Add(id, encoded);
            return job.Lease.TryAdd(encoded) ? encoded : null;
        }
        finally
        {
            encoded.Release();
        }
    }

    private EncodedMedia Encode(MediaInput input, int maxTokens, string id)
    {
        using MtmdBitmap bitmap = MtmdBitmap.Decode(_handle, input.File.Span, out string problem);
        if (bitmap.IsInvalid)
        {
            throw new MediaException($"{Name(input)} is damaged: it cannot be decoded. {problem}Copy or save it again.", input.Index);
        }

        using MtmdChunks chunks = MtmdChunks.Of(_handle, bitmap, out problem)
            ?? throw new MediaException($"{Name(input)} cannot be used with this model. {problem}", input.Index);
        bitmap.Dispose(); // the chunks have what they need of it
        CheckLength(input, chunks, maxTokens);
        var pieces = new List<MediaPiece>();
        try
        {
            for (int i = 0; i < chunks.Count; i++)
            {
                pieces.Add(chunks.IsText(i) ? new MediaPiece(chunks.TokensOf(i)) : new MediaPiece(Encode(input, chunks, i, id)));
            }

            return new EncodedMedia(pieces);
        }
        catch
        {
            new EncodedMedia(pieces).Release();
            throw;
        }
    }

    private MediaChunk Encode(MediaInput input, MtmdChunks chunks, int index, string id)
    {
        (int tokens, int positions) = chunks.LengthOf(index);
        NativeBuffer embeddings = chunks.Encode(_handle, index, _width, out bool areFinite, out string problem)
            ?? throw new DecodeException($"{Name(input)} could not be encoded. {problem}");
        if (!areFinite)
        {
            embeddings.Dispose();
            throw new MediaException($"{Name(input)} cannot be used: its embeddings are not finite numbers.", input.Index);
        }

        return new MediaChunk(
            _placeholders.For(id, index),
            tokens,
            positions,
            chunks.IsNonCausal(_handle, index),
            new MediaEmbeddings(embeddings),
            _hasGrid ? chunks.PositionsOf(index) ?? [.. Enumerable.Range(0, tokens).Select(static i => (i, i, i))] : null);
    }

    private void CheckLength(MediaInput input, MtmdChunks chunks, int maxTokens)
    {
        int sum = 0;
        for (int i = 0; i < chunks.Count; i++)
        {
            int tokens = chunks.LengthOf(i).Tokens;
            sum = checked(sum + tokens);
            if (!chunks.IsText(i) && tokens == 0)
            {
                throw new MediaException($"{Name(input)} cannot be used: there is too little of it.", input.Index);
            }

            if (tokens > _longestSpan && chunks.IsNonCausal(_handle, i))
            {
                throw new MediaException(
                    $"{Name(input)} has {tokens:N0} tokens that must be computed together; the most are {_longestSpan:N0}. Load the model "
                    + $"with a BatchSize of {tokens:N0}, or scale the image down.",
                    input.Index);
            }
        }

        if (sum > maxTokens)
        {
            throw new ContextLengthException(sum, maxTokens);
        }
    }

    private sealed class Job(MediaInput input, int maxTokens, IMediaLease lease, CancellationToken cancellationToken)
    {
        public MediaInput Input { get; } = input;

        public int MaxTokens { get; } = maxTokens;

        public IMediaLease Lease { get; } = lease;

        public CancellationToken CancellationToken { get; } = cancellationToken;

        public TaskCompletionSource<EncodedMedia> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
