using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Sampling;
using Orchard.Engine.Inference.Trials;

namespace Orchard.Engine.Tests.Inference;

public sealed class LlamaDecoderTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private const string EchoPrompt = "<|im_start|>user\nRepeat: KDT-0417<|im_end|>\n<|im_start|>assistant\n";

    [Fact]
    public void Limits_AreWhatTheLibraryGave()
    {
        using LlamaDecoder decoder = starter.CreateDecoder(new() { SequenceCapacity = 3, ContextLength = 300, BatchCapacity = 64 });

        // The library rounds the context of a sequence up to a multiple of 256. The decoder does not use the tokens beyond.
        Assert.Equal((3, 300, 64, 1_536), (decoder.SequenceCapacity, decoder.ContextLength, decoder.BatchCapacity, decoder.VocabularySize));
        Assert.Equal(512, decoder.Handle.SequenceContextLength);
    }

    [Fact]
    public void Greedy_CapitalOfFrance_IsParis()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();

        List<int> tokens = Generate(decoder, SamplingParameters.Greedy, StarterModel.FrancePrompt);

        Assert.Contains("Paris", starter.GetText(tokens), StringComparison.Ordinal);
    }

    [Fact]
    public void ForThisMachine_Options_Decode()
    {
        using LlamaDecoder decoder = starter.CreateDecoder(DecoderPlan.ForThisMachine(starter.Model.Header));

        Assert.Equal(2048, decoder.ContextLength);
        Assert.Contains("Paris", starter.GetText(Generate(decoder, SamplingParameters.Greedy, StarterModel.FrancePrompt)), StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_ChangedFromDecodeToDecode_GiveTheSameAnswer()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();

        foreach ((int oneToken, int several) in new[] { (1, 1), (2, 1), (1, 2), (2, 2), (1, 1), (2, 2) })
        {
            decoder.Threads = new ThreadCounts(oneToken, several);
            Assert.Contains("Paris", starter.GetText(Generate(decoder, SamplingParameters.Greedy, StarterModel.FrancePrompt)), StringComparison.Ordinal);
            decoder.ClearSequence(0);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_TwoSequencesInOneBatch_GiveWhatEachGivesAlone(bool unifiedCache)
    {
        string[] prompts = [StarterModel.FrancePrompt, EchoPrompt];
        using LlamaDecoder decoder = starter.CreateDecoder(StarterModel.SmallDecoder with { UnifiedKeyValueCache = unifiedCache });
        List<int>[] alone = [.. prompts.Select(prompt => Generate(decoder, SamplingParameters.Greedy, prompt))];

        List<int>[] together = GenerateTogether(decoder, prompts);

        Assert.Equal(alone[0], together[0]);
        Assert.Equal(alone[1], together[1]);
        Assert.Contains("KDT-0417", starter.GetText(together[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_LongPromptBesideSingleTokens_GivesEachItsOwnLogits()
    {
        int[] france = starter.Model.Tokenize(Encoding.UTF8.GetBytes(StarterModel.FrancePrompt));
        int[] echo = starter.Model.Tokenize(Encoding.UTF8.GetBytes(EchoPrompt));
        using LlamaDecoder decoder = starter.CreateDecoder();
        BatchToken[] whole = [.. Prompt(france, slot: 2, from: 0)];
        decoder.Decode(whole);
        int afterFrance = Best(decoder, whole.Length - 1);
        whole = [.. Prompt(echo, slot: 0, from: 0)];
        decoder.Decode(whole);
        int afterEcho = Best(decoder, whole.Length - 1);
        decoder.ClearSequence(0);
        decoder.ClearSequence(2);

        // Two sequences come to their last token while a whole prompt comes along, between them in the batch.
        decoder.Decode([.. Prompt(echo[..^1], slot: 0, from: 0), .. Prompt(france[..^1], slot: 1, from: 0)]);
        BatchToken[] mixed = [.. Prompt(echo, 0, echo.Length - 1), .. Prompt(france, 1, france.Length - 1), .. Prompt(france, slot: 2, from: 0)];
        decoder.Decode(mixed);

        Assert.Equal([afterEcho, afterFrance, afterFrance], [Best(decoder, 0), Best(decoder, 1), Best(decoder, mixed.Length - 1)]);
        Assert.Throws<InvalidOperationException>(() => decoder.GetLogits(2).Length);
        Assert.Throws<InvalidOperationException>(() => decoder.GetLogits(mixed.Length).Length);
        Assert.Throws<InvalidOperationException>(() => decoder.GetLogits(-1).Length);

        static IEnumerable<BatchToken> Prompt(int[] tokens, int slot, int from) =>
            Enumerable.Range(from, tokens.Length - from).Select(i => new BatchToken(tokens[i], i, slot, i == tokens.Length - 1));
        static int Best(LlamaDecoder decoder, int index) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(decoder.GetLogits(index));
    }

    [Fact]
    public void ThreadTuner_FindsNumbersAndLeavesTheDecoderEmpty()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();

        bool measured = ThreadTuner.Tune(decoder, max: 2, limit: TimeSpan.FromMinutes(1), TimeProvider.System);

        ThreadCounts threads = decoder.Threads;
        Assert.True(measured);
        Assert.InRange(threads.SingleToken, 1, 2);
        Assert.InRange(threads.Batch, 1, 2);
        Assert.Contains("Paris", starter.GetText(Generate(decoder, SamplingParameters.Greedy, StarterModel.FrancePrompt)), StringComparison.Ordinal);
    }

    [Fact]
    public void Logprobs_RealLogits_AreTheirLogSoftmax()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();
        int[] prompt = starter.Model.Tokenize(Encoding.UTF8.GetBytes(StarterModel.FrancePrompt));
        decoder.Decode([.. prompt.Select((token, i) => new BatchToken(token, i, 0, i == prompt.Length - 1))]);
        double[] raw = [.. decoder.GetLogits(prompt.Length - 1).ToArray().Select(logit => (double)logit)];
        double normalizer = raw.Max() + Math.Log(raw.Sum(logit => Math.Exp(logit - raw.Max())));
        ISampler sampler = decoder.CreateSampler(new() { Temperature = 2, Seed = 1, LogitBias = [(0, 9)], Logprobs = true, TopLogprobs = 20 });

        int token = sampler.Sample(decoder.GetLogits(prompt.Length - 1));

        Assert.Equal(raw[token] - normalizer, sampler.LastSampled!.Logprob, 1e-4);
        Assert.Equal(20, sampler.LastSampled.Top.Length);
        Assert.Equal(raw.OrderDescending().Take(20), sampler.LastSampled.Top.Select(entry => raw[entry.Token]));
        Assert.All(sampler.LastSampled.Top, entry => Assert.Equal(raw[entry.Token] - normalizer, entry.Logprob, 1e-4));
    }

    [Fact]
    public void Dry_StrongPenalty_BreaksARepetition()
    {
        float[] logits = new float[starter.Model.VocabularySize];
        logits[300] = 4;
        logits[301] = 3;
        using LlamaDecoder decoder = starter.CreateDecoder();
        ISampler plain = decoder.CreateSampler(SamplingParameters.Greedy);
        ISampler dry = decoder.CreateSampler(SamplingParameters.Greedy with { Dry = new(10, 2, 1, 64, ["\n"]) });

        Assert.All(Enumerable.Range(0, 8), _ => Assert.Equal(300, plain.Sample([.. logits])));
        Assert.Contains(301, Enumerable.Range(0, 8).Select(_ => dry.Sample([.. logits])));
    }

    [Fact]
    public void ClearSequence_SlotIsUsedAgain_AsIfNew()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();
        List<int> first = Generate(decoder, SamplingParameters.Greedy, StarterModel.FrancePrompt);
        _ = Generate(decoder, SamplingParameters.Greedy, EchoPrompt);

        Assert.Equal(first, Generate(decoder, SamplingParameters.Greedy, StarterModel.FrancePrompt));
    }

    [Fact]
    public void Decode_SlotNotCleared_SaysTheBatchDoesNotContinue()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();
        decoder.Decode([new(20, 0, 0, false), new(21, 1, 0, true)]);

        var error = Assert.Throws<DecodeException>(() => decoder.Decode([new(20, 0, 0, true)]));

        Assert.Contains("llama_decode returned -1", error.Message, StringComparison.Ordinal);
        decoder.Decode([new(22, 2, 0, true)]); // the failed call changed nothing
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CopySequence_FirstTokens_GoOnAsIfComputedThere(bool unifiedCache)
    {
        using LlamaDecoder decoder = starter.CreateDecoder(StarterModel.SmallDecoder with { UnifiedKeyValueCache = unifiedCache });
        BatchToken[] prompt = [.. Enumerable.Range(0, 40).Select(static i => new BatchToken(300 + i, i, 0, i == 30))];
        decoder.Decode(prompt);
        float[] expected = decoder.GetLogits(30).ToArray();

        Assert.True(decoder.CopySequence(0, 2, 30));
        decoder.Decode([prompt[30] with { Slot = 2 }, new BatchToken(700, 40, 0, true)]);

        float[] copied = decoder.GetLogits(0).ToArray();
        Assert.Equal(expected.Length, copied.Length);
        Assert.All(expected.Zip(copied), static pair => Assert.Equal(pair.First, pair.Second, 0.02f));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TrimSequence_GoesBackToWhatWasBefore(bool unifiedCache)
    {
        using LlamaDecoder decoder = starter.CreateDecoder(StarterModel.SmallDecoder with { UnifiedKeyValueCache = unifiedCache });
        decoder.Decode([new(20, 0, 0, false), new(21, 1, 0, false), new(22, 2, 0, true)]);
        float[] expected = decoder.GetLogits(2).ToArray();
        decoder.Decode([new(99, 3, 0, true)]);

        Assert.True(decoder.TrimSequence(0, 2));
        decoder.Decode([new(22, 2, 0, true)]);

        Assert.All(expected.Zip(decoder.GetLogits(0).ToArray()), static pair => Assert.Equal(pair.First, pair.Second, 0.02f));
    }

    [Fact]
    public void TrimSequence_ToMoreThanItHolds_EmptiesIt()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();
        decoder.Decode([new(20, 0, 0, true)]);

        Assert.False(decoder.TrimSequence(0, 5));
        decoder.Decode([new(20, 0, 0, true)]); // from the start again
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_FullContexts_FillEveryPosition(bool unifiedCache)
    {
        using LlamaDecoder decoder = starter.CreateDecoder(StarterModel.SmallDecoder with { UnifiedKeyValueCache = unifiedCache });
        Assert.Equal(512, decoder.ContextLength);

        for (int slot = 0; slot < decoder.SequenceCapacity; slot++)
        {
            for (int start = 0; start < decoder.ContextLength; start += decoder.BatchCapacity)
            {
                decoder.Decode([.. Enumerable.Range(start, decoder.BatchCapacity).Select(i => new BatchToken(300, i, slot, false))]);
            }
        }

        Assert.Throws<ArgumentException>(() => decoder.Decode([new(300, decoder.ContextLength, 1, true)]));
    }

    [Fact]
    public void Decode_LogitsForSeveralTokensOfASequence_AreAllThere()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();

        decoder.Decode([.. Enumerable.Range(0, 20).Select(i => new BatchToken(300 + i, i, 0, i >= 16))]);

        for (int i = 16; i < 20; i++)
        {
            Assert.Equal(decoder.VocabularySize, decoder.GetLogits(i).Length);
        }
    }

    [Fact]
    public void Decode_LogitsForMoreTokensThanThereIsRoomFor_IsRefused()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();

        Assert.Equal(16, decoder.OutputCapacity);
        var error = Assert.Throws<ArgumentException>(
            () => decoder.Decode([.. Enumerable.Range(0, 17).Select(i => new BatchToken(300 + i, i, 0, true))]));

        Assert.Contains("At most 16 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetLogits_NotAskedFor_Throws()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();
        decoder.Decode([new(20, 0, 0, false), new(21, 1, 0, true)]);

        Assert.Throws<InvalidOperationException>(() => decoder.GetLogits(0).Length);
        Assert.Throws<InvalidOperationException>(() => decoder.GetLogits(5).Length);
        Assert.Equal(1_536, decoder.GetLogits(1).Length);
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(1_536, 0, 0)]
    [InlineData(20, -1, 0)]
    [InlineData(20, 512, 0)]
    [InlineData(20, 0, -1)]
    [InlineData(20, 0, 4)]
    public void Decode_OutOfRange_IsRefused(int token, int position, int slot)
    {
        using LlamaDecoder decoder = starter.CreateDecoder();

        var error = Assert.Throws<ArgumentException>(() => decoder.Decode([new(token, position, slot, true)]));

        Assert.Contains("out of range", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_EmptyOrTooLarge_IsRefused()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();

        Assert.Throws<ArgumentException>(() => decoder.Decode([]));
        Assert.Throws<ArgumentException>(() => decoder.Decode(new BatchToken[decoder.BatchCapacity + 1]));
    }

    [Fact]
    public void Decode_Repeated_AllocatesNothing()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();
        ISampler sampler = decoder.CreateSampler(new() { TopK = 40, Seed = 1 });
        BatchToken[] batch = [new(20, 0, 0, true)];
        Step();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            Step();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            decoder.ClearSequence(0);
            decoder.Decode(batch);
            _ = sampler.Sample(decoder.GetLogits(0));
        }
    }

    [Fact]
    public void Seeded_SameSeed_SameTokens()
    {
        using LlamaDecoder decoder = starter.CreateDecoder();

        List<int>[] runs = [.. new uint[] { 1, 1, 2, 3, uint.MaxValue, uint.MaxValue }
            .Select(seed => Generate(decoder, new() { Temperature = 5, TopP = 1, Seed = seed }, StarterModel.FrancePrompt, 40))];

        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(runs[4], runs[5]);
        Assert.True(runs.Select(run => string.Join(' ', run)).Distinct().Count() > 1);
    }

    [Fact]
    public void Dispose_Decoder_FreesItsContext()
    {
        LlamaDecoder decoder = starter.CreateDecoder();

        decoder.Dispose();
        decoder.Dispose();

        Assert.True(decoder.Handle.IsReleased);
        Assert.Throws<ObjectDisposedException>(() => decoder.Decode([new(20, 0, 0, true)]));
    }

    [Fact]
    public void Create_BatchSmallerThanSequences_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => starter.CreateDecoder(new() { SequenceCapacity = 8, BatchCapacity = 4 }));

    private List<int> Generate(LlamaDecoder decoder, SamplingParameters parameters, string prompt, int maxTokens = 60)
    {
        decoder.ClearSequence(0);
        ISampler sampler = decoder.CreateSampler(parameters);
        return starter.Generate(decoder, sampler, prompt, maxTokens);
    }

    /// <summary>Both prompts in one batch, then both sequences one token a step.</summary>
    private List<int>[] GenerateTogether(LlamaDecoder decoder, string[] prompts)
    {
        int[][] tokens = [.. prompts.Select(prompt => starter.Model.Tokenize(Encoding.UTF8.GetBytes(prompt)))];
        ISampler sampler = decoder.CreateSampler(SamplingParameters.Greedy);
        var batch = new List<BatchToken>();
        int[] logitsAt = new int[prompts.Length];
        for (int slot = 0; slot < prompts.Length; slot++)
        {
            decoder.ClearSequence(slot);
            batch.AddRange(tokens[slot].Select((token, i) => new BatchToken(token, i, slot, i == tokens[slot].Length - 1)));
            logitsAt[slot] = batch.Count - 1;
        }

        List<int>[] generated = [.. prompts.Select(_ => new List<int>())];
        List<int> running = [.. Enumerable.Range(0, prompts.Length)];
        while (running.Count > 0 && generated.All(sequence => sequence.Count < 60))
        {
            decoder.Decode([.. batch]);
            batch.Clear();
            foreach (int slot in running.ToArray())
            {
                int next = sampler.Sample(decoder.GetLogits(logitsAt[slot]));
                if (starter.Model.IsEndOfGeneration(next))
                {
                    running.Remove(slot);
                    continue;
                }

                logitsAt[slot] = batch.Count;
                batch.Add(new BatchToken(next, tokens[slot].Length + generated[slot].Count, slot, true));
                generated[slot].Add(next);
            }
        }

        return generated;
    }
}
