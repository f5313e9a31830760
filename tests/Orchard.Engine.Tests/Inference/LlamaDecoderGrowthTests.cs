using Orchard.Engine.Inference;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Sequences that outgrow the room they began with.</summary>
public sealed class LlamaDecoderGrowthTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private const int First = 256;

    private static readonly DecoderOptions Growing =
        new() { SequenceCapacity = 3, ContextLength = 1_024, InitialContextLength = First, BatchCapacity = 64 };

    [Theory]
    [InlineData(false, 0f)]
    [InlineData(true, 0.3f)] // cells of several sequences are added up in another order
    public void Decode_PastTheFirstRoom_GivesTheLogitsOfADecoderWithAllOfIt(bool unifiedCache, float tolerance)
    {
        using LlamaDecoder whole = starter.CreateDecoder(Growing with { InitialContextLength = null, UnifiedKeyValueCache = unifiedCache });
        using LlamaDecoder growing = starter.CreateDecoder(Growing with { UnifiedKeyValueCache = unifiedCache });
        LlamaDecoder[] both = [whole, growing];
        Assert.Equal(1_024, growing.ContextLength);

        // Another sequence lies beside it, of which nothing may be lost.
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
    public void Reserve_ALongPrompt_GrowsOnce()
    {
        using LlamaDecoder decoder = starter.CreateDecoder(Growing);
        Feed(decoder, slot: 0, 0, 5);

        decoder.Reserve(600);

        Assert.Equal(768, decoder.Handle.SequenceContextLength);
        Assert.Throws<InvalidOperationException>(() => decoder.GetLogits(4).Length);
        Feed(decoder, slot: 0, 5, 600);
        Assert.True(decoder.TrimSequence(0, 300));
    }

    [Fact]
    public void Reserve_WhatThereIs_ChangesNothing()
    {
        using LlamaDecoder decoder = starter.CreateDecoder(Growing);
        Feed(decoder, slot: 0, 0, 5);

        decoder.Reserve(First);

        Assert.Equal(First, decoder.Handle.SequenceContextLength);
        Assert.Equal(decoder.VocabularySize, decoder.GetLogits(4).Length);
    }

    [Fact]
    public void Reserve_MoreThanAContext_IsRefused()
    {
        using LlamaDecoder decoder = starter.CreateDecoder(Growing);

        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Reserve(1_025));
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
