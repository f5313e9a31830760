namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>
/// Decides how many drafted tokens to verify, so that drafts save time: what they cost is measured for the model, over all sequences. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// With <c>n</c> sequences in a batch, an accepted token saves the <c>n</c>-th part of a round. A draft is verified up to the length that
/// is expected to save most, if that is clearly more than it costs.
/// </para>
/// <para>
/// Estimates can be wrong, so there is an account for each source of drafts: what a draft lost is taken from it, and what it saved is
/// added, up to a limit. Each round adds one percent of its time. Without credit there are no drafts, and with much credit a draft is
/// tried whose estimate is bad, so that estimates do not become outdated. So drafts lose no more than about one percent of the time. The
/// account starts empty, so that the first answers do not pay for trials; how often drafts are right is also learned without verifying
/// them.
/// </para>
/// </remarks>
internal sealed class DraftControl
{
    /// <summary>Maximum number of tokens that a draft model drafts at once.</summary>
    public const int MaxModelDraft = 15;

    private const double CreditPerRound = 0.01;
    private const double MaxEarned = 2;
    private const double FullCredit = 0.99 * MaxEarned;
    private const double MaxCredit = 8; // a good source has bad luck several times in a row
    private const double MaxLoss = 5; // of one draft, whose decode other load may have disturbed
    private const double GrammarAccuracy = 0.85;
    private const double UntriedAccuracy = 0.6;
    private const double LookupAccuracy = 0.5;
    private const double ModelAccuracy = 0.7; // it was chosen to draft for this model
    private const double Weight = 0.05;
    private const double MinGain = 0.05;
    private const double MarginOfCost = 0.1;
    private const double MinFirstChance = 0.5;

    // Costs before any measurement, relative to the share of a sequence. More than most models have, so that a first draft does not lose.
    private const double CostPerDraft = 1;
    private const double CostPerToken = 0.35;

    // The same for a draft model, which would not have been chosen if it did not pay.
    private const double ModelCostPerDraft = 0.3;
    private const double ModelCostPerToken = 0.2;

    private const double RoundWeight = 0.125;
    private const double MaxIncrease = 2; // limits the influence of a measurement that other load has disturbed

    private static readonly bool[] Uncertain = new bool[MaxModelDraft];

    private readonly double[] _roundTicks; // without drafts, by number of sequences; 0: unknown
    private readonly DraftCost[] _costs; // by the number of bits of the number of sequences
    private readonly double[] _credit = new double[Enum.GetValues<DraftSource>().Length];
    private readonly double[] _accuracy = new double[Enum.GetValues<DraftSource>().Length]; // of tokens that are not certain
    private readonly List<Outcome> _outcomes = []; // of the round that is not recorded yet
    private readonly DraftModelCost? _model;

    /// <param name="sequences">Maximum number of sequences in a batch.</param>
    /// <param name="model">What drafts of a draft model cost; null if there is none.</param>
    public DraftControl(int sequences, DraftModelCost? model = null)
    {
        _model = model;
        _roundTicks = new double[sequences + 1];
        _costs = new DraftCost[DraftCost.BucketOf(sequences) + 1];
        for (int bucket = 0; bucket < _costs.Length; bucket++)
        {
            double share = 1.0 / (bucket == 0 ? 1 : (1 << (bucket - 1)) + 1); // of the fewest sequences
            _costs[bucket] = new DraftCost(CostPerDraft * share, CostPerToken * share);
        }

        _accuracy[(int)DraftSource.Grammar] = GrammarAccuracy;
        _accuracy[(int)DraftSource.UntriedGrammar] = UntriedAccuracy;
        _accuracy[(int)DraftSource.Lookup] = LookupAccuracy;
        _accuracy[(int)DraftSource.Model] = ModelAccuracy;
    }

    /// <summary>Returns the probability that a token from a source is accepted if the ones before it are.</summary>
    public double AccuracyOf(DraftSource source) => _accuracy[(int)source];

    /// <summary>Returns how many tokens of a draft to verify.</summary>
    /// <param name="source">Where the draft comes from.</param>
    /// <param name="certain">For each token, whether it is certain to be accepted if the ones before it are.</param>
    /// <param name="accuracy">Probability that any other token is; null for the average of the source.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    public int Limit(DraftSource source, ReadOnlySpan<bool> certain, double? accuracy, int sequences) =>
        Limit(source, certain, accuracy, sequences, costPerToken: 0, out _);

    /// <summary>Returns how many tokens a draft model should draft for a sequence.</summary>
    /// <param name="max">Maximum number of tokens, at most <see cref="MaxModelDraft"/>.</param>
    /// <param name="accuracy">Probability that a token is accepted if the ones before it are; null for the average.</param>
    /// <param name="drafts">Number of sequences for which it drafts.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    /// <param name="isTrial">Whether that probably does not pay, and only shows whether it does.</param>
    public int LimitOfModel(int max, double? accuracy, int drafts, int sequences, out bool isTrial)
    {
        isTrial = false;
        if (max <= 0 || _model is null)
        {
            return 0;
        }

        double step = _model.StepOf(drafts, _roundTicks[sequences]) / drafts;
        return Limit(DraftSource.Model, Uncertain.AsSpan(0, max), accuracy, sequences, step, out isTrial);
    }

    /// <summary>Returns the duration of a round without drafts; 0 if unknown.</summary>
    public double RoundTicks(int sequences) => _roundTicks[sequences];

    /// <summary>Returns whether a draft model may read a number of tokens that it has not read yet.</summary>
    /// <param name="backlog">Number of tokens.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    /// <param name="isTrial">Whether the draft only shows whether drafts pay.</param>
    public bool MayRead(int backlog, int sequences, bool isTrial) => _model?.MayRead(backlog, _roundTicks[sequences], isTrial) ?? false;

    private int Limit(
        DraftSource source, ReadOnlySpan<bool> certain, double? accuracy, int sequences, double costPerToken, out bool isTrial)
    {
        DraftCost cost = _costs[DraftCost.BucketOf(sequences)];
        double chance = 1;
        double saved = 0;
        double most = double.NegativeInfinity;
        double margin = 0;
        int best = 0;
        for (int i = 0; i < certain.Length; i++)
        {
            chance *= certain[i] ? 1 : accuracy ?? _accuracy[(int)source];
            saved += chance / sequences;
            double verification = source == DraftSource.Model && !cost.IsMeasured
                ? (ModelCostPerDraft + (ModelCostPerToken * (i + 1))) / sequences
                : cost.Of(1, i + 1);
            double expected = verification + (costPerToken * (i + 1));
            if (saved - expected > most)
            {
                (most, margin, best) = (saved - expected, MarginOfCost * expected, i + 1);
            }
        }

        // What seems not to pay off is tried now and then, so that one bad measurement does not end all drafts.
        isTrial = most <= margin + (MinGain / sequences);
        double needed = isTrial ? Math.Clamp(1 - most, 1, FullCredit) : 0;
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

    /// <summary>
    /// Records the duration of a round and what became of its drafts: from the choice of its tokens to the end of all that is done with
    /// those that it brings, since that is what an accepted token saves.
    /// </summary>
    /// <param name="sequences">Number of sequences in the batch, all of which generate.</param>
    /// <param name="drafts">How many of them have a draft.</param>
    /// <param name="tokens">Number of drafted tokens.</param>
    /// <param name="elapsed">Duration.</param>
    /// <param name="drafting">How much of it a draft model took.</param>
    public void Record(int sequences, int drafts, int tokens, TimeSpan elapsed, TimeSpan drafting = default)
    {
        elapsed -= drafting;
        ref double known = ref _roundTicks[sequences];
        if (drafts > 0)
        {
            double? measured = null;
            if (known > 0)
            {
                double cost = (elapsed.Ticks / known) - 1;
                _costs[DraftCost.BucketOf(sequences)].Record(drafts, tokens, cost);
                measured = Math.Max(cost, 0) / tokens;
            }

            Settle(measured, known > 0 ? drafting.Ticks / known : 0);
            return;
        }

        Settle(costPerToken: null, drafting: 0);
        _model?.Earn(CreditPerRound);
        known = known == 0 ? elapsed.Ticks : known + (RoundWeight * (Math.Min(elapsed.Ticks, MaxIncrease * known) - known));
        foreach (ref double credit in _credit.AsSpan())
        {
            credit = Math.Min(credit + CreditPerRound, Math.Max(credit, MaxEarned));
        }
    }

    /// <summary>Records that a round was not measured.</summary>
    public void Skip() => Settle(costPerToken: null, drafting: 0);

    /// <summary>Records the outcome of a draft in the round that is recorded next.</summary>
    /// <param name="source">Where the draft came from.</param>
    /// <param name="certain">For each token, whether it was certain.</param>
    /// <param name="accepted">Number of accepted tokens.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    public void RecordOutcome(DraftSource source, ReadOnlySpan<bool> certain, int accepted, int sequences)
    {
        _outcomes.Add(new Outcome(source, certain.Length, accepted, sequences));
        RecordAccuracy(source, certain, accepted);
    }

    /// <summary>Records whether a token would have been accepted that was drafted and not verified.</summary>
    public void RecordGuess(DraftSource source, bool isRight) =>
        _accuracy[(int)source] += Weight * ((isRight ? 1 : 0) - _accuracy[(int)source]);

    /// <summary>Records which tokens of a draft were accepted.</summary>
    public void RecordAccuracy(DraftSource source, ReadOnlySpan<bool> certain, int accepted)
    {
        ref double accuracy = ref _accuracy[(int)source];
        for (int i = 0; i < Math.Min(accepted + 1, certain.Length); i++)
        {
            accuracy += certain[i] ? 0 : Weight * ((i < accepted ? 1 : 0) - accuracy);
        }
    }

    private void Settle(double? costPerToken, double drafting)
    {
        int ofModel = 0;
        foreach (Outcome outcome in _outcomes)
        {
            ofModel += outcome.Source == DraftSource.Model ? outcome.Tokens : 0;
        }

        foreach (Outcome outcome in _outcomes)
        {
            double cost = costPerToken * outcome.Tokens ?? _costs[DraftCost.BucketOf(outcome.Sequences)].Of(1, outcome.Tokens);
            cost += outcome.Source == DraftSource.Model ? drafting * outcome.Tokens / ofModel : 0;
            double gain = Math.Max(((double)outcome.Accepted / outcome.Sequences) - cost, -MaxLoss);
            ref double credit = ref _credit[(int)outcome.Source];
            credit = Math.Min(credit + gain, MaxCredit);
            if (outcome.Source == DraftSource.Model)
            {
                _model!.Gained(gain);
            }
        }

        _outcomes.Clear();
    }

    /// <param name="Source">Where the draft came from.</param>
    /// <param name="Tokens">Number of its tokens.</param>
    /// <param name="Accepted">How many were accepted.</param>
    /// <param name="Sequences">Number of sequences in the batch.</param>
    private readonly record struct Outcome(DraftSource Source, int Tokens, int Accepted, int Sequences);
}
