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

    // A draft model was chosen to draft for this model. So it begins with some credit, and is expected to save a share of a round.
    private const double ModelAccuracy = 0.7;
    private const double ModelCredit = 4;
    private const double ModelGain = 0.3;
    private const double TrialWeight = 0.25;
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

    private const double MaxIncrease = RoundTime.MaxIncrease;

    private readonly RoundTime[] _rounds; // without drafts, by number of sequences
    private readonly DraftCost[] _costs; // by the number of bits of the number of sequences
    private readonly double[] _credit = new double[Enum.GetValues<DraftSource>().Length];
    private readonly double[] _accuracy = new double[Enum.GetValues<DraftSource>().Length]; // of tokens that are not certain
    private readonly List<Outcome> _outcomes = []; // of the round that is not recorded yet
    private readonly DraftModelCost? _model;
    private readonly double[] _modelGain; // what a round with drafts of the draft model saves, in rounds; as _costs

    /// <param name="sequences">Maximum number of sequences in a batch.</param>
    /// <param name="model">What drafts of a draft model cost; null if there is none.</param>
    public DraftControl(int sequences, DraftModelCost? model = null)
    {
        _model = model;
        _rounds = [.. Enumerable.Range(0, sequences + 1).Select(static _ => new RoundTime())];
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
        _credit[(int)DraftSource.Model] = ModelCredit;
        _modelGain = new double[_costs.Length];
        Array.Fill(_modelGain, ModelGain);
    }

    /// <summary>Returns the probability that a token from a source is accepted if the ones before it are.</summary>
    public double AccuracyOf(DraftSource source) => _accuracy[(int)source];

    /// <summary>Returns how many tokens of a draft to verify.</summary>
    /// <param name="source">Where the draft comes from.</param>
    /// <param name="certain">For each token, whether it is certain to be accepted if the ones before it are.</param>
    /// <param name="accuracy">Probability that any other token is; null for the average of the source.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    public int Limit(DraftSource source, ReadOnlySpan<bool> certain, double? accuracy, int sequences)
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
            double expected = cost.Of(1, i + 1);
            if (saved - expected > most)
            {
                (most, margin, best) = (saved - expected, MarginOfCost * expected, i + 1);
            }
        }

        // What seems not to pay off is tried now and then, so that one bad measurement does not end all drafts.
        bool isTrial = most <= margin + (MinGain / sequences);
        double needed = isTrial ? Math.Clamp(1 - most, 1, FullCredit) : 0;
        bool mustMeasure = source == DraftSource.Lookup && _rounds[sequences].IsOutdated;
        return _credit[(int)source] > needed && !mustMeasure ? best : 0;
    }

    /// <summary>Returns whether a draft model should draft.</summary>
    /// <param name="sequences">Number of sequences in the batch.</param>
    /// <param name="isTrial">Whether that probably does not pay, and only shows whether it does.</param>
    public bool MayDraft(int sequences, out bool isTrial)
    {
        double gain = _modelGain[DraftCost.BucketOf(sequences)];
        isTrial = gain <= MinGain;
        double needed = isTrial ? Math.Clamp(1 - gain, 1, FullCredit) : 0;
        return _model is not null && !_rounds[sequences].IsOutdated && _credit[(int)DraftSource.Model] > needed;
    }

    /// <summary>Returns whether a draft model should draft one more token for each of some sequences.</summary>
    /// <param name="chances">The sum of their probabilities that all tokens before it are accepted.</param>
    /// <param name="drafts">Number of these sequences.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    public bool PaysToGoOn(double chances, int drafts, int sequences)
    {
        double verification = Verification(drafts, drafts, sequences) - Verification(drafts, 0, sequences);
        double saved = chances * _accuracy[(int)DraftSource.Model] / sequences;
        return saved > verification + _model!.StepOf(drafts, _rounds[sequences].Ticks);
    }

    /// <summary>Returns how many tokens of the drafts of a draft model to verify, of each the same number.</summary>
    /// <param name="chances">
    /// The sums of the probabilities of the first tokens that they are accepted, of the second ones, and so on.
    /// </param>
    /// <param name="drafts">Number of drafts.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    /// <param name="isTrial">Whether the drafts are verified even if that probably does not pay.</param>
    public int LengthOf(ReadOnlySpan<double> chances, int drafts, int sequences, bool isTrial)
    {
        double saved = 0;
        double most = isTrial ? double.NegativeInfinity : 0;
        int best = 0;
        for (int i = 0; i < chances.Length; i++)
        {
            saved += chances[i] / sequences;
            double gain = saved - ((1 + MarginOfCost) * Verification(drafts, (i + 1) * drafts, sequences));
            if (gain > most)
            {
                (most, best) = (gain, i + 1);
            }
        }

        return best;
    }

    /// <summary>Returns the duration of a round without drafts; 0 if unknown.</summary>
    public double RoundTicks(int sequences) => _rounds[sequences].Ticks;

    /// <summary>Returns whether a draft model may read a number of tokens that it has not read yet.</summary>
    /// <param name="backlog">Number of tokens.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    /// <param name="isTrial">Whether the draft only shows whether drafts pay.</param>
    public bool MayRead(int backlog, int sequences, bool isTrial) => _model?.MayRead(backlog, _rounds[sequences].Ticks, isTrial) ?? false;

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
        double known = _rounds[sequences].Ticks;
        if (drafts > 0)
        {
            _rounds[sequences].Missed();
            double? measured = null;
            if (known > 0)
            {
                // Limited like rounds without drafts, or other load would make drafts look more expensive than they are.
                DraftCost cost = _costs[DraftCost.BucketOf(sequences)];
                double rounds = Math.Min(elapsed.Ticks / known, MaxIncrease * (1 + cost.Of(drafts, tokens)));
                cost.Record(drafts, tokens, rounds - 1);
                measured = Math.Max(rounds - 1, 0) / tokens;
            }

            Settle(sequences, measured, known > 0 ? drafting.Ticks / known : 0);
            return;
        }

        Settle(sequences, costPerToken: null, known > 0 ? drafting.Ticks / known : 0);
        _model?.Earn(CreditPerRound);
        _rounds[sequences].Record(elapsed);
        foreach (ref double credit in _credit.AsSpan())
        {
            credit = Math.Min(credit + CreditPerRound, Math.Max(credit, MaxEarned));
        }
    }

    /// <summary>Records that a round was not measured.</summary>
    public void Skip() => Settle(sequences: 1, costPerToken: null, drafting: 0);

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

    private void Settle(int sequences, double? costPerToken, double drafting)
    {
        double gainOfModel = -Math.Min(drafting, MaxLoss);
        bool hasDraftOfModel = drafting > 0;
        foreach (Outcome outcome in _outcomes)
        {
            double cost = costPerToken * outcome.Tokens ?? _costs[DraftCost.BucketOf(outcome.Sequences)].Of(1, outcome.Tokens);
            double gain = Math.Max(((double)outcome.Accepted / outcome.Sequences) - cost, -MaxLoss);
            if (outcome.Source == DraftSource.Model)
            {
                hasDraftOfModel = true;
                gainOfModel += gain;
            }
            else
            {
                Add(gain, outcome.Source);
            }
        }

        _outcomes.Clear();
        if (hasDraftOfModel)
        {
            Add(gainOfModel, DraftSource.Model);
            _model!.Gained(gainOfModel);
            ref double average = ref _modelGain[DraftCost.BucketOf(sequences)];
            average += (average <= MinGain ? TrialWeight : Weight) * (gainOfModel - average);
        }
    }

    private void Add(double gain, DraftSource source)
    {
        ref double credit = ref _credit[(int)source];
        credit = Math.Min(credit + gain, MaxCredit);
    }

    // In rounds.
    private double Verification(int drafts, int tokens, int sequences) =>
        _costs[DraftCost.BucketOf(sequences)] is { IsMeasured: true } cost
            ? cost.Of(drafts, tokens)
            : ((ModelCostPerDraft * drafts) + (ModelCostPerToken * tokens)) / sequences;

    /// <param name="Source">Where the draft came from.</param>
    /// <param name="Tokens">Number of its tokens.</param>
    /// <param name="Accepted">How many were accepted.</param>
    /// <param name="Sequences">Number of sequences in the batch.</param>
    private readonly record struct Outcome(DraftSource Source, int Tokens, int Accepted, int Sequences);
}
