namespace Orchard.Engine.Inference.Trials;

/// <summary>
/// Compares the logits of a sequence that is decoded together with another one with those that it has alone. The native library computes a
/// few architectures wrongly when a batch has the prompts of several sequences.
/// </summary>
/// <param name="decoder">The decoder, whose first two slots are free.</param>
/// <param name="time">Measures the first pass.</param>
internal sealed class BatchSelfTest(IDecoder decoder, TimeProvider time)
{
    private const int PromptTokens = 4;
    private const int First = 0;
    private const int Second = 1;

    // Rounding makes a difference of a thousandth or so, a wrong computation one of tenths.
    private const double Tolerance = 0.05;

    // A router of experts that are equally good may choose another one because of rounding, but not for every prompt.
    private const int Attempts = 3;

    // Of a model that takes longer, only the prompt is compared.
    private static readonly TimeSpan LongestPass = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether sequences may be decoded together.</summary>
    /// <exception cref="DecodeException">The native decode failed.</exception>
    public bool Run()
    {
        if (decoder.SequenceCapacity < 2 || decoder.BatchCapacity < 2 * PromptTokens || decoder.VocabularySize == 0)
        {
            return true; // there will be no batch of several sequences, or none that can be tried
        }

        try
        {
            return Enumerable.Range(0, Attempts).Any(IsRight);
        }
        finally
        {
            decoder.ClearSequence(First);
            decoder.ClearSequence(Second);
        }
    }

    private bool IsRight(int attempt)
    {
        decoder.ClearSequence(First);
        decoder.ClearSequence(Second);
        long start = time.GetTimestamp();
        float[] prompt = Decode([.. Prompt(First, attempt), .. Prompt(Second, attempt)]);
        bool comparesNext = time.GetElapsedTime(start) < LongestPass;
        float[] next = comparesNext ? Decode([Next(First, attempt), Next(Second, attempt)]) : [];

        decoder.ClearSequence(Second);
        return IsSame(Decode([.. Prompt(Second, attempt)]), prompt)
            && (!comparesNext || IsSame(Decode([Next(Second, attempt)]), next));
    }

    /// <summary>Returns the logits of the last token.</summary>
    private float[] Decode(ReadOnlySpan<BatchToken> batch)
    {
        decoder.Decode(batch);
        return decoder.GetLogits(batch.Length - 1).ToArray();
    }

    private IEnumerable<BatchToken> Prompt(int slot, int attempt) => Enumerable.Range(0, PromptTokens)
        .Select(position => new BatchToken(TokenAt(slot, position, attempt), position, slot, position == PromptTokens - 1));

    private BatchToken Next(int slot, int attempt) => new(TokenAt(slot, PromptTokens, attempt), PromptTokens, slot, true);

    // Different tokens in both sequences, spread over the vocabulary.
    private int TokenAt(int slot, int position, int attempt)
    {
        long index = (((attempt * 2L) + slot) * (PromptTokens + 1)) + position + 1;
        return (int)(index * 7919 % decoder.VocabularySize);
    }

    private static bool IsSame(float[] alone, float[] together)
    {
        double mean = alone.Average(static logit => (double)logit);
        double spread = 0;
        double difference = 0;
        for (int i = 0; i < alone.Length; i++)
        {
            if (float.IsFinite(alone[i]) || float.IsFinite(together[i]))
            {
                spread += (alone[i] - mean) * (alone[i] - mean);
                difference += (alone[i] - together[i]) * (double)(alone[i] - together[i]);
            }
        }

        return Math.Sqrt(difference) <= Tolerance * Math.Sqrt(spread);
    }
}
