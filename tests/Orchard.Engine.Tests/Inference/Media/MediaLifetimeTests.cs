using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Media;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Inference.Media;

/// <summary>When the memory of embeddings is freed.</summary>
public sealed class MediaLifetimeTests
{
    private const int Numbers = 4;
    private const int Bytes = Numbers * sizeof(float);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Embeddings_FreedByTheLastHolder_CannotBeReadAnyMore()
    {
        MediaEmbeddings embeddings = MediaEmbeddings.Of([1, 2, 3]);
        embeddings.Hold();
        embeddings.Release();

        Assert.Equal([1, 2, 3], embeddings.ToArray());
        embeddings.Release();

        Assert.True(embeddings.IsFreed);
        Assert.True(embeddings.Memory.IsClosed);
        Assert.Equal(3, embeddings.Length);
        Assert.Throws<ObjectDisposedException>(embeddings.Hold);
        Assert.Throws<ObjectDisposedException>(embeddings.ToArray);
    }

    [Fact]
    public void Embeddings_HeldByManyThreads_AreFreedOnce()
    {
        MediaEmbeddings embeddings = MediaEmbeddings.Of(new float[Numbers]);

        Parallel.For(0, 1_000, _ =>
        {
            embeddings.Hold();
            Assert.False(embeddings.Memory.IsClosed);
            embeddings.Release();
        });
        Assert.False(embeddings.IsFreed);
        embeddings.Release();

        Assert.True(embeddings.Memory.IsClosed);
    }

    [Fact]
    public void Cache_WhatItDrops_IsFreed()
    {
        using var cache = new MediaCache(capacity: 2 * Bytes);
        EncodedMedia[] media = [.. Enumerable.Range(0, 4).Select(_ => Encoded(Numbers)), Encoded(3 * Numbers)];
        for (int i = 0; i < media.Length; i++)
        {
            cache.Add($"{i}", media[i]);
            media[i].Release(); // whoever encoded it does not need it any more
        }

        Assert.Equal([true, true, false, false, true], media.Select(IsFreed));
        cache.Dispose();
        Assert.All(media, static one => Assert.True(IsFreed(one)));
    }

    [Fact]
    public async Task Cache_WhatItDropsWhileARequestHoldsIt_IsFreedWithTheRequest()
    {
        var room = new MediaRoom(capacity: 100 * Bytes);
        IMediaLease first = await room.ReserveAsync(Ct);
        IMediaLease second = await room.ReserveAsync(Ct);
        using var cache = new MediaCache(capacity: Bytes);
        EncodedMedia media = Encoded(Numbers);
        cache.Add("a", media);
        Assert.True(first.TryAdd(media));
        Assert.True(second.TryAdd(media));
        media.Release();

        cache.Add("b", Encoded(Numbers));
        first.Dispose();
        first.Dispose();
        Assert.False(cache.TryGet("a", out _));
        Assert.False(IsFreed(media));
        second.Dispose();

        Assert.True(IsFreed(media));
        Assert.Equal(0, room.Held);
    }

    [Fact]
    public async Task Lease_OfARequestThatHasEnded_HoldsNothing()
    {
        var room = new MediaRoom(capacity: 100 * Bytes);
        IMediaLease lease = await room.ReserveAsync(Ct);
        lease.Dispose();
        EncodedMedia media = Encoded(Numbers);

        Assert.False(lease.TryAdd(media));
        Assert.Equal(0, room.Held);
        media.Release();

        Assert.True(IsFreed(media));
    }

    [Fact]
    public async Task Projector_WhenItIsUnloaded_FreesWhatNobodyHolds()
    {
        await using MediaModel model = await MediaModel.LoadAsync("llava");
        MediaProjector projector = model.LoadProjector();
        IMediaLease ended = await projector.ReserveAsync(Ct);
        IMediaLease running = await projector.ReserveAsync(Ct);
        EncodedMedia first = await projector.EncodeAsync(model.Input(seed: 1), MediaModel.Context, ended, Ct);
        EncodedMedia second = await projector.EncodeAsync(model.Input(seed: 2), MediaModel.Context, running, Ct);

        ended.Dispose();
        Assert.False(IsFreed(first)); // the next turn of its conversation finds it
        await projector.DisposeAsync().AsTask().OrBroken("the end of the projector");

        Assert.Equal([true, false], ((EncodedMedia[])[first, second]).Select(IsFreed));
        running.Dispose();
        Assert.True(IsFreed(second));
    }

    [Fact]
    public async Task Projector_ImageOfARequestThatHasEnded_IsCancelledAndFoundLater()
    {
        await using MediaModel model = await MediaModel.LoadAsync("llava");
        IMediaLease ended = await model.Projector.ReserveAsync(Ct);
        ended.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => model.Projector.EncodeAsync(model.Input(seed: 1), MediaModel.Context, ended, Ct).OrBroken("the image"));

        Assert.False(IsFreed(await model.EncodeAsync(model.Input(seed: 1))));
    }

    [Fact]
    public async Task Decode_FreedEmbeddings_FailInPlaceOfReadingThem()
    {
        await using MediaModel model = await MediaModel.LoadAsync("llava");
        using LlamaDecoder decoder = model.CreateDecoder();
        MediaChunk chunk = Chunk(model, tokens: 2);
        chunk.Embeddings.Release();

        Assert.Throws<ObjectDisposedException>(
            () => decoder.Decode(new MediaBatch(chunk, First: 0, Count: 2, Position: 0, Slot: 0, NeedsLogits: false)));
    }

    private static bool IsFreed(EncodedMedia media) => media.Pieces.All(static piece => piece.Chunk is not { Embeddings.IsFreed: false });

    private static EncodedMedia Encoded(int numbers) =>
        new([new MediaPiece([1]), new MediaPiece(new MediaChunk(-1, 1, 1, IsNonCausal: false, MediaEmbeddings.Of(new float[numbers]), Grid: null))]);

    private static MediaChunk Chunk(MediaModel model, int tokens) =>
        new(-1, tokens, tokens, IsNonCausal: false, MediaEmbeddings.Of(new float[tokens * model.Model.Header.EmbeddingLength]), Grid: null);
}
