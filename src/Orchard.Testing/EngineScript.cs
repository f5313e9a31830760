namespace Orchard.Testing;

/// <summary>
/// How a <see cref="FakeEngine"/> behaves: by default it registers everybody, loads every model and answers <c>ok</c>. Each method adds
/// a rule and returns the same script; of the rules that fit, the one added last counts. May be changed while the engine runs.
/// Thread-safe.
/// </summary>
public sealed class EngineScript
{
    private readonly Lock _gate = new();
    private readonly List<Func<FakePrompt, FakeReply?>> _answers = [_ => FakeReply.Of("ok")]; // guarded by _gate
    private readonly List<Func<FakeLoadRequest, FakeLoad?>> _loads = [_ => FakeLoad.Success]; // guarded by _gate
    private int _refusals; // guarded by _gate
    private int _unloadRefusals; // guarded by _gate
    private volatile bool _ignoresRegistrations;
    private volatile bool _hidesIdentity;
    private volatile bool _withholdsAcknowledgements;
    private TimeSpan? _heartbeat; // guarded by _gate

    internal bool IgnoresRegistrations => _ignoresRegistrations;

    internal bool Acknowledges => !_withholdsAcknowledgements;

    internal bool HidesIdentity => _hidesIdentity;

    internal TimeSpan? HeartbeatPeriod
    {
        get
        {
            lock (_gate)
            {
                return _heartbeat;
            }
        }
    }

    /// <summary>Answers every prompt with this text.</summary>
    public EngineScript Answer(string text) => Answer(FakeReply.Of(text));

    /// <summary>Answers every prompt like this.</summary>
    public EngineScript Answer(FakeReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return Answer(_ => reply);
    }

    /// <summary>Answers a question with this text.</summary>
    /// <param name="question">What the user said last, to the letter.</param>
    /// <param name="text">The answer, sent word by word.</param>
    public EngineScript Answer(string question, string text) => Answer(question, FakeReply.Of(text));

    /// <summary>Answers a question like this.</summary>
    /// <param name="question">What the user said last, to the letter.</param>
    /// <param name="reply">What the engine does.</param>
    public EngineScript Answer(string question, FakeReply reply)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(reply);
        return Answer(prompt => prompt.Question == question ? reply : null);
    }

    /// <summary>Answers by a rule.</summary>
    /// <param name="rule">Called for each prompt, side by side; null when it does not fit.</param>
    public EngineScript Answer(Func<FakePrompt, FakeReply?> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        lock (_gate)
        {
            _answers.Add(rule);
        }

        return this;
    }

    /// <summary>Every load goes like this.</summary>
    public EngineScript Load(FakeLoad load)
    {
        ArgumentNullException.ThrowIfNull(load);
        return Load(_ => load);
    }

    /// <summary>Loads go by a rule.</summary>
    /// <param name="rule">Called for each load, side by side; null when it does not fit.</param>
    public EngineScript Load(Func<FakeLoadRequest, FakeLoad?> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        lock (_gate)
        {
            _loads.Add(rule);
        }

        return this;
    }

    /// <summary>Refuses the next clients that come.</summary>
    /// <param name="times">How many registrations.</param>
    public EngineScript RefuseRegistrations(int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        lock (_gate)
        {
            _refusals = times;
        }

        return this;
    }

    /// <summary>Says of the next models that are to be unloaded that somebody uses them.</summary>
    /// <param name="times">How many commands.</param>
    public EngineScript RefuseUnloads(int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        lock (_gate)
        {
            _unloadRefusals = times;
        }

        return this;
    }

    /// <summary>Never answers a client that registers.</summary>
    public EngineScript IgnoreRegistrations()
    {
        _ignoresRegistrations = true;
        return this;
    }

    /// <summary>Does not say which process it is, and tells the end of a load by an event only, as engines of the family do.</summary>
    public EngineScript HideIdentity()
    {
        _hidesIdentity = true;
        return this;
    }

    /// <summary>Does not say that it has taken a request on.</summary>
    public EngineScript WithholdAcknowledgements()
    {
        _withholdsAcknowledgements = true;
        return this;
    }

    /// <summary>Sends a heartbeat (default: none). Set before the first client comes.</summary>
    /// <param name="period">Time of the engine's clock between two; above zero.</param>
    public EngineScript Heartbeat(TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        lock (_gate)
        {
            _heartbeat = period;
        }

        return this;
    }

    internal FakeReply ReplyTo(FakePrompt prompt) => Last(_answers, prompt);

    internal FakeLoad LoadOf(FakeLoadRequest request) => Last(_loads, request);

    internal bool TakeRefusal()
    {
        lock (_gate)
        {
            return _refusals > 0 && _refusals-- > 0;
        }
    }

    internal bool TakeUnloadRefusal()
    {
        lock (_gate)
        {
            return _unloadRefusals > 0 && _unloadRefusals-- > 0;
        }
    }

    // The rules are code of the test, so they run outside the lock. The first of them fits everything.
    private TOutcome Last<TCase, TOutcome>(List<Func<TCase, TOutcome?>> rules, TCase what)
        where TOutcome : class
    {
        Func<TCase, TOutcome?>[] latestFirst;
        lock (_gate)
        {
            latestFirst = [.. Enumerable.Reverse(rules)];
        }

        return latestFirst.Select(rule => rule(what)).First(outcome => outcome is not null)!;
    }
}
