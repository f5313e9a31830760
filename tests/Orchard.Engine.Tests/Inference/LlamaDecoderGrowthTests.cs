using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Sequences that outgrow the initial KV cache.</summary>
public sealed class LlamaDecoderGrowthTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private const int First = 256;

    private static readonly DecoderOptions Growing =
        new() { SequenceCapacity = 3, ContextLength = 1_024, InitialContextLength = First, BatchCapacity = 64 };

    [Theory]
    [InlineData(false, 0f)]
    [InlineData(true, 0.3f)] // sums over the cells of several sequences are computed in another order
    public void Decode_PastTheFirstRoom_GivesTheLogitsOfADecoderWithAllOfIt(bool unifiedCache, float tolerance)
    {
        using LlamaDecoder whole = starter.CreateDecoder(Growing with { InitialContextLength = null, UnifiedKeyValueCache = unifiedCache });
        using LlamaDecoder growing = starter.CreateDecoder(Growing with { UnifiedKeyValueCache = unifiedCache });
        LlamaDecoder[] both = [whole, growing];
        Assert.Equal(1_024, growing.ContextLength);

        // Nothing of the other sequence may be lost.
        foreach (LlamaDecoder decoder in both)
        {
            Feed(decoder, slot: 2, 0, 100);
        }

        for (int start = 0; start < 1_024; start += 64)
        {
            AssertClose(Feed(whole, slot: 0, start, 64), Feed(growing, slot: 0, start, 64), tolerance);
        }

        AssertClose(Feed(whole, slot: 2, 100, 10), Feed(growing, slot: 2, 100, 10), tolerance);
    }

    [Fact]
    public void Decode_OneTokenAtATime_GrowsBetweenTwo()
    {
        using LlamaDecoder whole = starter.CreateDecoder(Growing with { InitialContextLength = null });
        using LlamaDecoder growing = starter.CreateDecoder(Growing);
        foreach (LlamaDecoder decoder in new[] { whole, growing })
        {
            decoder.Threads = new ThreadCounts(2, 2);
            Feed(decoder, slot: 1, 0, First - 2);
        }

        for (int position = First - 2; position < First + 2; position++)
        {
            Assert.Equal(Feed(whole, slot: 1, position, 1), Feed(growing, slot: 1, position, 1));
        }

        Assert.Equal(768, growing.Handle.SequenceContextLength);
    }

    [Fact]
    public void TryReserve_ALongPrompt_GrowsOnceWhileOthersDecode()
    {
        using LlamaDecoder whole = starter.CreateDecoder(Growing with { InitialContextLength = null });
        using LlamaDecoder growing = starter.CreateDecoder(Growing);
        foreach (LlamaDecoder decoder in new[] { whole, growing })
        {
            Feed(decoder, slot: 0, 0, 5);
        }

        Assert.False(growing.TryReserve(500));
        Assert.Equal(First, growing.AllocatedLength);
        Assert.Equal(growing.VocabularySize, growing.GetLogits(4).Length);
        Assert.Equal(Feed(whole, slot: 0, 5, 20), Feed(growing, slot: 0, 5, 20));

        // Decoding beyond the allocated length waits for a larger context.
        Assert.Equal(Feed(whole, slot: 0, 25, 500), Feed(growing, slot: 0, 25, 500));
        Assert.Equal(768, growing.AllocatedLength);
        Assert.Equal(growing.AllocatedLength, growing.Handle.SequenceContextLength);
        Assert.True(growing.TryReserve(growing.AllocatedLength));
        Assert.True(growing.TrimSequence(0, 300));
    }

    [Fact]
    public void TryReserve_MoreThanIsUnderWay_GrowsAgain()
    {
        using LlamaDecoder decoder = starter.CreateDecoder(Growing);

        Assert.False(decoder.TryReserve(First + 1));
        Feed(decoder, slot: 0, 0, 1_024);

        Assert.Equal(1_024, decoder.AllocatedLength);
    }

    [Fact]
    public void Dispose_WhileRoomIsMade_FreesBoth()
    {
        LlamaDecoder decoder = starter.CreateDecoder(Growing);
        Assert.False(decoder.TryReserve(1_024));

        decoder.Dispose();

        Assert.True(decoder.Handle.IsClosed);
    }

    [Fact]
    public async Task Abandon_WhileTheContextIsCreated_DoesNotWaitAndFreesItLater()
    {
        using var created = new ManualResetEventSlim();
        LlamaContextHandle? context = null;
        var pending = new PendingContext(First, length =>
        {
            created.Wait(Limits.Broken);
            var settings = new LlamaContextSettings
            {
                Sequences = 1,
                SequenceLength = length,
                BatchTokens = 16,
                Outputs = 1,
                OutputsPerSequence = 1,
                Threads = 1,
                FlashAttention = true,
                UnifiedCache = false,
            };
            return context = LlamaContextHandle.Create(starter.Model.Handle, settings, out _);
        });

        await Task.Run(pending.Abandon, TestContext.Current.CancellationToken).OrBroken("the context to be abandoned");
        Assert.Null(context);
        created.Set();
        pending.Wait();

        Assert.True(context!.IsReleased);
    }

    [Fact]
    public void TryReserve_WhatThereIs_ChangesNothing()
    {
        using LlamaDecoder decoder = starter.CreateDecoder(Growing);
        Feed(decoder, slot: 0, 0, 5);

        Assert.True(decoder.TryReserve(First));

        Assert.Equal(First, decoder.Handle.SequenceContextLength);
        Assert.Equal(decoder.VocabularySize, decoder.GetLogits(4).Length);
    }

    [Fact]
    public void TryReserve_MoreThanAContext_IsRefused()
    {
        using LlamaDecoder decoder = starter.CreateDecoder(Growing);

        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.TryReserve(1_025));
        Assert.Throws<ArgumentException>(() => decoder.Decode([new BatchToken(300, 1_024, 0, true)]));
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
    }

    // Returns the logits of the last token.
    private static float[] Feed(LlamaDecoder decoder, int slot, int start, int count)
    {
        int end = start + count;
        float[] logits = [];
        while (start < end)
        {
            int length = Math.Min(end - start, decoder.BatchCapacity);
            decoder.Decode([.. Enumerable.Range(start, length).Select(i => new BatchToken(300 + (i * 37 % 500), i, slot, i == end - 1))]);
            start += length;
            logits = start == end ? decoder.GetLogits(length - 1).ToArray() : logits;
        }

        return logits;
    }
}
