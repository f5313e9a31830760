using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;

namespace Orchard.Engine.Tests.Inference.Media;

public sealed class MediaSpansTests
{
    // Two tokens, an image of four tokens that takes two positions, one token, a sound of three tokens.
    private static readonly MediaSpans Spans = new(
    [
        new MediaSpan(2, Chunk(-1, tokens: 4, positions: 2, [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1)])),
        new MediaSpan(7, Chunk(-2, tokens: 3, positions: 3)),
    ]);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(5, 2)]
    [InlineData(6, 6)]
    [InlineData(7, 7)]
    [InlineData(9, 7)]
    [InlineData(10, 10)]
    [InlineData(20, 20)]
    public void Floor_CutsNoChunk(int length, int expected) => Assert.Equal(expected, Spans.Floor(length));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 2)]
    [InlineData(6, 4)]
    [InlineData(7, 5)]
    [InlineData(8, 5)]
    [InlineData(10, 8)]
    [InlineData(15, 13)]
    public void Position_LeavesOutWhatImagesDoNotTake(int index, int expected) => Assert.Equal(expected, Spans.PositionOf(index));

    [Fact]
    public void Length_BehindAnImage_EndsWithItsSharedPosition()
    {
        Assert.Equal(new CachedLength(4, 2), Spans.LengthOf(6));
        Assert.Equal(new CachedLength(8, 7), Spans.LengthOf(10));
        Assert.Equal(new CachedLength(9, 8), Spans.LengthOf(11));
        Assert.Equal(new CachedLength(0, -1), Spans.LengthOf(0));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(3, 3)]
    [InlineData(6, 7)]
    [InlineData(10, 12)]
    public void Next_IsTheFirstTokenInAChunk(int index, int expected) => Assert.Equal(expected, Spans.NextFrom(index, end: 12));

    [Fact]
    public void Placeholders_AreThoseOfTheContent()
    {
        var placeholders = new Placeholders(capacity: 2);
        int first = placeholders.For("a", 0);

        Assert.Equal(first, placeholders.For("a", 0));
        int[] all = [first, placeholders.For("a", 1), placeholders.For("b", 0), placeholders.For("a", 0)];

        Assert.All(all, static number => Assert.True(number < 0));
        Assert.Equal(4, all.Distinct().Count()); // the first one was forgotten, and its number is not used again
    }

    [Fact]
    public void Cache_KeepsWhatWasUsedLast()
    {
        using var cache = new MediaCache(capacity: 3 * 16);
        EncodedMedia[] media = [.. Enumerable.Range(0, 5).Select(static i => Encoded(numbers: i == 4 ? 20 : 4))];
        cache.Add("0", media[0]);
        cache.Add("1", media[1]);
        cache.Add("2", media[2]);
        Assert.True(cache.TryGet("0", out _));
        cache.Add("3", media[3]);
        cache.Add("large", media[4]);

        Assert.Equal([true, false, true, true, false], ((string[])["0", "1", "2", "3", "large"]).Select(id => cache.TryGet(id, out _)));
        Assert.Equal(3 * 16, cache.Bytes);
    }

    [Fact]
    public async Task Room_WhenItIsFull_MakesRequestsWait()
    {
        var room = new MediaRoom(capacity: 16);
        IMediaLease first = await room.ReserveAsync(TestContext.Current.CancellationToken);
        Assert.True(first.TryAdd(Encoded(numbers: 8)));
        using var cancel = new CancellationTokenSource();
        Task<IMediaLease> cancelled = room.ReserveAsync(cancel.Token).AsTask();
        Task<IMediaLease> waiting = room.ReserveAsync(TestContext.Current.CancellationToken).AsTask();

        Assert.False(waiting.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        first.Dispose();
        first.Dispose();

        (await waiting).Dispose();
        Assert.Equal(0, room.Held);
    }

    private static EncodedMedia Encoded(int numbers) =>
        new([new MediaPiece(new MediaChunk(-1, 1, 1, IsNonCausal: false, MediaEmbeddings.Of(new float[numbers]), Grid: null))]);

    private static MediaChunk Chunk(int placeholder, int tokens, int positions, (int Time, int Row, int Column)[]? grid = null) =>
        new(placeholder, tokens, positions, IsNonCausal: false, MediaEmbeddings.Of(new float[tokens]), grid);
}
