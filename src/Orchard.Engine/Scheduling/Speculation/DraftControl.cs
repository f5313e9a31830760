namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>
/// Decides how many drafted tokens to verify, so that drafts save time: what they cost is measured for the model, over all sequences. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// With <c>n</c> sequences in a batch, an accepted token saves the <c>n</c>-th part of a decode. A draft is verified up to the length that
/// is expected to save most, if that is more than it costs.
/// </para>
/// <para>
/// Estimates can be wrong, so there is an account for each source of drafts: what a draft lost is taken from it, and what it saved is
/// added, up to a limit. Each decode adds one percent of its time. Without credit there are no drafts, and with much credit a draft is
/// tried whose estimate is bad, so that estimates do not become outdated. So drafts lose no more than about one percent of the time.
/// </para>
/// </remarks>
internal sealed class DraftControl
{
    private const double CreditPerDecode = 0.01;
    private const double MaxCredit = 2;
    private const double FullCredit = 0.99 * MaxCredit;
    private const double MaxLoss = 5; // of one draft, whose decode other load may have disturbed
    private const double InitialAccuracy = 0.85;
    private const double UntriedAccuracy = 0.6;
    private const double Weight = 0.05;
    private const double MinGain = 0.05;
    private const double MinFirstChance = 0.5;

    // Costs before any measurement, relative to the share of a sequence.
    private const double CostPerDraft = 0.3;
    private const double CostPerToken = 0.25;

    private const double DecodeWeight = 0.125;
    private const double MaxIncrease = 2; // limits the influence of a measurement that other load has disturbed

    private readonly double[] _decodeTicks; // by number of sequences; 0: unknown
    private readonly DraftCost[] _costs; // by the number of bits of the number of sequences
    private readonly double[] _credit = new double[Enum.GetValues<DraftSource>().Length];
    private readonly double[] _accuracy = new double[Enum.GetValues<DraftSource>().Length]; // of tokens that are not certain
    private double? _measured; // cost per drafted token of the last batch, relative to the decode without drafts

    /// <param name="sequences">Maximum number of sequences in a batch.</param>
    public DraftControl(int sequences)
    {
        _decodeTicks = new double[sequences + 1];
        _costs = new DraftCost[BucketOf(sequences) + 1];
        for (int bucket = 0; bucket < _costs.Length; bucket++)
        {
            double share = 1.0 / Math.Max(1 << bucket >> 1, 1);
            _costs[bucket] = new DraftCost(CostPerDraft * share, CostPerToken * share);
        }

        Array.Fill(_credit, MaxCredit / 2);
        Array.Fill(_accuracy, InitialAccuracy);
        _accuracy[(int)DraftSource.UntriedGrammar] = UntriedAccuracy;
    }

    /// <summary>Returns how many tokens of a draft to verify.</summary>
    /// <param name="source">Where the draft comes from.</param>
    /// <param name="certain">For each token, whether it is certain to be accepted if the ones before it are.</param>
    /// <param name="accuracy">Probability that any other token is; null for the average of the source.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    public int Limit(DraftSource source, ReadOnlySpan<bool> certain, double? accuracy, int sequences)
    {
        DraftCost cost = _costs[BucketOf(sequences)];
        double chance = 1;
        double saved = 0;
        double most = double.NegativeInfinity;
        int best = 0;
        for (int i = 0; i < certain.Length; i++)
        {
            chance *= certain[i] ? 1 : accuracy ?? _accuracy[(int)source];
            saved += chance / sequences;
            double gain = saved - cost.Of(1, i + 1);
            if (gain > most)
            {
                (most, best) = (gain, i + 1);
            }
        }

        // What seems not to pay off is tried now and then, so that one bad measurement does not end all drafts.
        double needed = most > MinGain / sequences ? 0 : Math.Clamp(1 - most, 1, FullCredit);
        return _credit[(int)source] > needed ? best : 0;
    }

    /// <summary>Returns how many tokens of a draft to decode together with a prompt, where they cost little.</summary>
    /// <param name="source">Where the draft comes from.</param>
    /// <param name="certain">For each token, whether it is certain to be accepted if the ones before it are.</param>
    public int LimitFirst(DraftSource source, ReadOnlySpan<bool> certain)
    {
        double chance = 1;
        int count = 0;
        while (count < certain.Length && (chance *= certain[count] ? 1 : _accuracy[(int)source]) >= MinFirstChance)
        {
            count++;
        }

        return count;
    }

    /// <summary>Records the duration of a decode.</summary>
    /// <param name="sequences">Number of sequences in the batch, all of which generate.</param>
    /// <param name="drafts">How many of them have a draft.</param>
    /// <param name="tokens">Number of drafted tokens.</param>
    /// <param name="elapsed">Duration.</param>
    public void Record(int sequences, int drafts, int tokens, TimeSpan elapsed)
    {
        _measured = null;
        ref double known = ref _decodeTicks[sequences];
        if (drafts > 0)
        {
            if (known > 0)
            {
                double cost = (elapsed.Ticks / known) - 1;
                _costs[BucketOf(sequences)].Record(drafts, tokens, cost);
                _measured = Math.Max(cost, 0) / tokens;
            }

            return;
        }

        known = known == 0 ? elapsed.Ticks : known + (DecodeWeight * (Math.Min(elapsed.Ticks, MaxIncrease * known) - known));
        foreach (ref double credit in _credit.AsSpan())
        {
            credit = Math.Min(credit + CreditPerDecode, MaxCredit);
        }
    }

    /// <summary>Records that a decode was not measured.</summary>
    public void Skip() => _measured = null;

    /// <summary>Records the outcome of a draft in the batch that was recorded last.</summary>
    /// <param name="source">Where the draft came from.</param>
    /// <param name="certain">For each token, whether it was certain.</param>
    /// <param name="accepted">Number of accepted tokens.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    public void RecordOutcome(DraftSource source, ReadOnlySpan<bool> certain, int accepted, int sequences)
    {
        double cost = _measured * certain.Length ?? _costs[BucketOf(sequences)].Of(1, certain.Length);
        ref double credit = ref _credit[(int)source];
        credit = Math.Min(credit + Math.Max(((double)accepted / sequences) - cost, -MaxLoss), MaxCredit);
        RecordAccuracy(source, certain, accepted);
    }

    /// <summary>Records which tokens of a draft were accepted.</summary>
    public void RecordAccuracy(DraftSource source, ReadOnlySpan<bool> certain, int accepted)
    {
        ref double accuracy = ref _accuracy[(int)source];
        for (int i = 0; i < Math.Min(accepted + 1, certain.Length); i++)
        {
            accuracy += certain[i] ? 0 : Weight * ((i < accepted ? 1 : 0) - accuracy);
        }
    }

    private static int BucketOf(int sequences) => 32 - int.LeadingZeroCount(sequences - 1);
}
