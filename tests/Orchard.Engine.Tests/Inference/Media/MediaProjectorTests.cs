using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;
using Orchard.Protocol.Media;
using Orchard.TestModels;

namespace Orchard.Engine.Tests.Inference.Media;

/// <summary>What a projector makes of images and sounds.</summary>
public sealed class MediaProjectorTests
{
    public static TheoryData<string> Kinds => MediaModel.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Encode_SameFileTwice_GivesTheSame(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);
        await using MediaProjector other = model.LoadProjector();

        EncodedMedia first = await model.EncodeAsync(model.Input(seed: 1));
        EncodedMedia again = await model.EncodeAsync(model.Input(seed: 1));
        EncodedMedia elsewhere = await model.EncodeAsync(model.Input(seed: 1), other);

        Assert.Same(first, again);
        Assert.Equal(Embeddings(first), Embeddings(elsewhere));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Encode_OtherFile_GivesOtherPlaceholders(string kind)
    {
        await using MediaModel model = await MediaModel.LoadAsync(kind);

        EncodedMedia first = await model.EncodeAsync(model.Input(seed: 1));
        EncodedMedia second = await model.EncodeAsync(model.Input(seed: 2));

        Assert.NotEqual(Embeddings(first), Embeddings(second));
        Assert.Empty(Placeholders(first).Intersect(Placeholders(second)));
        Assert.All(Placeholders(first), static placeholder => Assert.True(placeholder < 0));
    }

    [Fact]
    public async Task Encode_ImageOfAnySize_HasPositionsInIt()
    {
        await using MediaModel model = await MediaModel.LoadAsync("qwen");

        EncodedMedia encoded = await model.EncodeAsync(new MediaInput(MediaKind.Image, TestMedia.Png(64, 32, 1), 0));

        MediaChunk chunk = Assert.Single(encoded.Pieces, static piece => piece.Chunk is not null).Chunk!;
        Assert.NotNull(chunk.Grid);
        Assert.True(chunk.PositionCount < chunk.TokenCount);
        Assert.Equal(chunk.TokenCount, chunk.Grid.Distinct().Count());
        Assert.Equal(0, chunk.LastPosition);
    }

    [Fact]
    public async Task Encode_KindWithoutEncoder_IsNotTaken()
    {
        await using MediaModel model = await MediaModel.LoadAsync("llava");

        Assert.True(model.Projector.Takes(MediaKind.Image));
        Assert.False(model.Projector.Takes(MediaKind.Audio));
    }

    [Fact]
    public async Task Encode_MoreTokensThanTheContext_IsRefusedBeforeEncoding()
    {
        await using MediaModel model = await MediaModel.LoadAsync("llava");

        using IMediaLease lease = await model.Projector.ReserveAsync(TestContext.Current.CancellationToken);
        ContextLengthException exception = await Assert.ThrowsAsync<ContextLengthException>(
            () => model.Projector.EncodeAsync(model.Input(seed: 1), maxTokens: 8, lease, TestContext.Current.CancellationToken));

        Assert.Equal((16, 8), (exception.PromptTokens, exception.ContextLength));
    }

    [Fact]
    public async Task Load_ProjectorOfAnotherModel_IsRefusedWithTheFile()
    {
        await using MediaModel model = await MediaModel.LoadAsync("llava");
        using var directory = new Serving.TempDirectory();
        ProjectorHeader other = ProjectorHeader.Read(TinyProjector.WriteLlava(directory.File("mmproj.gguf"), 96));

        ModelFileException exception = Assert.Throws<ModelFileException>(() => MediaProjector.Load(other, model.Model, 64, usesGpu: false));

        Assert.Contains(other.Path, exception.Message, StringComparison.Ordinal);
        Assert.False(other.Fits(model.Model.Header.EmbeddingLength));
    }

    [Fact]
    public async Task Dispose_WithWaitingWork_RefusesIt()
    {
        await using MediaModel model = await MediaModel.LoadAsync("llava");
        MediaProjector projector = model.LoadProjector();
        Task<EncodedMedia>[] work = [.. Enumerable.Range(0, 8).Select(seed => model.EncodeAsync(model.Input(seed), projector))];

        await projector.DisposeAsync();
        await projector.DisposeAsync();

        await Task.WhenAll(work).ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.All(work, static task => Assert.True(task.IsCompletedSuccessfully || task.Exception!.InnerException is ObjectDisposedException));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => model.EncodeAsync(model.Input(seed: 1), projector));
    }

    private static float[] Embeddings(EncodedMedia media) =>
        [.. media.Pieces.Where(static piece => piece.Chunk is not null).SelectMany(static piece => piece.Chunk!.Embeddings.ToArray())];

    private static IEnumerable<int> Placeholders(EncodedMedia media) =>
        media.Pieces.Where(static piece => piece.Chunk is not null).Select(static piece => piece.Chunk!.Placeholder);
}
