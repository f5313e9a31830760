namespace Orchard.Testing;

/// <summary>
/// Behaviour of a <see cref="FakeEngine"/>. By default it registers every client and loads every model, whatever its name. A question that
/// no rule answers fails with a <see cref="RequestRejectedException"/>, whose code is <see cref="UnscriptedQuestion"/>. Each method adds a
/// rule; of several rules that match, the one added last applies. May be changed while the engine runs. Thread-safe.
/// </summary>
public sealed class EngineScript
{
    /// <summary>The <see cref="RequestRejectedException.Code"/> of a question that no rule answers.</summary>
    public const string UnscriptedQuestion = UnscriptedReply.Code;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal); // guarded by _gate
    private readonly List<Func<FakePrompt, FakeReply?>> _answers = [UnscriptedReply.To]; // guarded by _gate
    private readonly List<Func<FakeLoadRequest, FakeLoad?>> _loads = [_ => FakeLoad.Success]; // guarded by _gate
    private readonly List<Func<FakeCommand, bool>> _ignored = []; // guarded by _gate
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

    /// <summary>Answers every prompt with a text.</summary>
    /// <param name="text">The answer, sent word by word.</param>
    /// <returns>This script.</returns>
    public EngineScript Answer(string text) => Answer(FakeReply.Of(text));

    /// <summary>Answers every prompt with a reply.</summary>
    /// <param name="reply">What the engine does.</param>
    /// <returns>This script.</returns>
    public EngineScript Answer(FakeReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return Answer(_ => reply);
    }

    /// <summary>Answers a certain question with a text.</summary>
    /// <param name="question">Exact text of the last user message.</param>
    /// <param name="text">The answer, sent word by word.</param>
    /// <returns>This script.</returns>
    public EngineScript Answer(string question, string text) => Answer(question, FakeReply.Of(text));

    /// <summary>Answers a certain question with a reply.</summary>
    /// <param name="question">Exact text of the last user message.</param>
    /// <param name="reply">What the engine does.</param>
    /// <returns>This script.</returns>
    public EngineScript Answer(string question, FakeReply reply)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(reply);
        return Answer(prompt => prompt.Question == question ? reply : null);
    }

    /// <summary>Answers prompts by a rule.</summary>
    /// <param name="rule">Returns the reply to a prompt, or null when the rule does not match. Called concurrently.</param>
    /// <returns>This script.</returns>
    public EngineScript Answer(Func<FakePrompt, FakeReply?> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        lock (_gate)
        {
            _answers.Add(rule);
        }

        return this;
    }

    /// <summary>Gives every model load the same outcome.</summary>
    /// <param name="load">The outcome.</param>
    /// <returns>This script.</returns>
    public EngineScript Load(FakeLoad load)
    {
        ArgumentNullException.ThrowIfNull(load);
        return Load(_ => load);
    }

    /// <summary>Decides the outcome of model loads by a rule.</summary>
    /// <param name="rule">Returns the outcome of a load, or null when the rule does not match. Called concurrently.</param>
    /// <returns>This script.</returns>
    public EngineScript Load(Func<FakeLoadRequest, FakeLoad?> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        lock (_gate)
        {
            _loads.Add(rule);
        }

        return this;
    }

    /// <summary>Makes models unknown: calls that name one fail with <see cref="ModelNotFoundException"/>.</summary>
    /// <remarks>
    /// Applies to clients of <see cref="FakeEngine.ConnectAsync"/> of an engine in memory. Other clients look for the files of models
    /// themselves.
    /// </remarks>
    /// <param name="models">Names of models, exactly as the calls write them.</param>
    /// <returns>This script.</returns>
    public EngineScript MissModels(params IEnumerable<string> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        lock (_gate)
        {
            _missing.UnionWith(models);
        }

        return this;
    }

    /// <summary>Refuses the next registrations of clients.</summary>
    /// <param name="times">Number of registrations; not negative.</param>
    /// <returns>This script.</returns>
    public EngineScript RefuseRegistrations(int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        lock (_gate)
        {
            _refusals = times;
        }

        return this;
    }

    /// <summary>Refuses the next commands to unload a model, because the model is in use.</summary>
    /// <param name="times">Number of commands; not negative.</param>
    /// <returns>This script.</returns>
    public EngineScript RefuseUnloads(int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        lock (_gate)
        {
            _unloadRefusals = times;
        }

        return this;
    }

    /// <summary>Never answers the registration of a client.</summary>
    /// <returns>This script.</returns>
    public EngineScript IgnoreRegistrations()
    {
        _ignoresRegistrations = true;
        return this;
    }

    /// <summary>Never answers the commands that a rule matches, like an engine process that is stopped.</summary>
    /// <param name="rule">Returns whether to ignore a command. Called concurrently.</param>
    /// <returns>This script.</returns>
    public EngineScript IgnoreCommands(Func<FakeCommand, bool> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        lock (_gate)
        {
            _ignored.Add(rule);
        }

        return this;
    }

    /// <summary>
    /// Behaves like a PIE-compatible engine other than Orchard's: reports no process id, and the end of a load only by an event.
    /// </summary>
    /// <returns>This script.</returns>
    public EngineScript HideIdentity()
    {
        _hidesIdentity = true;
        return this;
    }

    /// <summary>Does not acknowledge requests.</summary>
    /// <returns>This script.</returns>
    public EngineScript WithholdAcknowledgements()
    {
        _withholdsAcknowledgements = true;
        return this;
    }

    /// <summary>Sends heartbeats (default: none). Must be called before the first client connects.</summary>
    /// <param name="period">Period on the engine's clock; above zero.</param>
    /// <returns>This script.</returns>
    public EngineScript SendHeartbeats(TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        lock (_gate)
        {
            _heartbeat = period;
        }

        return this;
    }

    internal bool Ignores(FakeCommand command)
    {
        Func<FakeCommand, bool>[] rules;
        lock (_gate)
        {
            rules = [.. _ignored];
        }

        return Array.Exists(rules, rule => rule(command));
    }

    internal FakeReply ReplyTo(FakePrompt prompt) => Last(_answers, prompt);

    internal FakeLoad LoadOf(FakeLoadRequest request) => Last(_loads, request);

    internal bool Misses(string model)
    {
        lock (_gate)
        {
            return _missing.Contains(model);
        }
    }

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

    // Rules are code of the test, so they are called outside the lock. The first rule matches everything.
    private TOutcome Last<TCase, TOutcome>(List<Func<TCase, TOutcome?>> rules, TCase input)
        where TOutcome : class
    {
        Func<TCase, TOutcome?>[] latestFirst;
        lock (_gate)
        {
            latestFirst = [.. Enumerable.Reverse(rules)];
        }

        return latestFirst.Select(rule => rule(input)).First(outcome => outcome is not null)!;
    }
}
