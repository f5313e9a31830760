namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>
/// The time that drafts add to a round, relative to a round without drafts: a part for each draft, and a part for each drafted token.
/// Fitted to measured rounds (recursive least squares with forgetting). Not thread-safe.
/// </summary>
internal sealed class DraftCost
{
    private const double Forgetting = 0.97;
    private const double Noise = 0.05; // variance of a measurement
    private const double MaxVariance = 0.5;

    private double _perDraft;
    private double _perToken;
    private double _varianceDraft = 0.1;
    private double _varianceToken = 0.02;
    private double _covariance;

    /// <param name="perDraft">The first estimate of what a draft costs, in rounds.</param>
    /// <param name="perToken">The first estimate of what each token costs beside that.</param>
    public DraftCost(double perDraft, double perToken)
    {
        _perDraft = perDraft;
        _perToken = perToken;
    }

    /// <summary>
    /// Returns which costs a number of sequences has in common with others: 0 for a single one, 1 for two, 2 for three or four, and so on.
    /// </summary>
    public static int BucketOf(int sequences) => 32 - int.LeadingZeroCount(sequences - 1);

    /// <summary>Whether a cost was measured.</summary>
    public bool IsMeasured { get; private set; }

    /// <summary>Returns the estimated cost of drafts.</summary>
    public double Of(int drafts, int tokens) => (_perDraft * drafts) + (_perToken * tokens);

    /// <summary>Records a measured cost.</summary>
    /// <param name="drafts">Number of drafts in the batch, at least one.</param>
    /// <param name="tokens">Number of their tokens.</param>
    /// <param name="cost">By how much longer the round took than one without them, relative to that.</param>
    public void Record(int drafts, int tokens, double cost)
    {
        IsMeasured = true;
        double expected = Of(drafts, tokens);
        cost = Math.Max(cost, 0);

        double gainDraft = (_varianceDraft * drafts) + (_covariance * tokens);
        double gainToken = (_covariance * drafts) + (_varianceToken * tokens);
        double total = (Noise * Math.Max(1, expected)) + (gainDraft * drafts) + (gainToken * tokens);
        double error = cost - expected;
        _perDraft += gainDraft / total * error;
        _perToken += gainToken / total * error;
        KeepPositive(tokens / (double)drafts);
        _varianceDraft = Math.Min((_varianceDraft - (gainDraft * gainDraft / total)) / Forgetting, MaxVariance);
        _varianceToken = Math.Min((_varianceToken - (gainToken * gainToken / total)) / Forgetting, MaxVariance);
        _covariance -= gainDraft * gainToken / total;
        double limit = 0.99 * Math.Sqrt(_varianceDraft * _varianceToken);
        _covariance = Math.Clamp(_covariance / Forgetting, -limit, limit);
    }

    // Where all drafts are about as long, the measurements do not show which part is whose. Neither is negative.
    private void KeepPositive(double length)
    {
        if (_perDraft < 0)
        {
            _perToken += _perDraft / length;
            _perDraft = 0;
        }
        else if (_perToken < 0)
        {
            _perDraft += _perToken * length;
            _perToken = 0;
        }

        (_perDraft, _perToken) = (Math.Max(_perDraft, 0), Math.Max(_perToken, 0));
    }
}
