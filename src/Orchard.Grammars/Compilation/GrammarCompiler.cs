using System.Runtime.CompilerServices;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Compilation;

/// <summary>
/// Compiles nodes to the steps of a <see cref="Grammar"/>. Each node is compiled to a first step, given the step that follows it.
/// </summary>
internal sealed class GrammarCompiler
{
    /// <summary>Repetitions that expand to at most this many steps are expanded, which is faster to run than counting.</summary>
    private const int MaxExpandedSteps = 64;

    private readonly CompilationBudget _budget;
    private readonly GrammarAnalysis _analysis;
    private readonly StepBuilder _steps;
    private readonly Dictionary<GrammarRule, int> _starts = [];
    private readonly Queue<GrammarRule> _waiting = new();
    private readonly EmptyTextRemover _emptyText;

    private GrammarCompiler(CompilationBudget budget)
    {
        _budget = budget;
        _analysis = new GrammarAnalysis(budget);
        _steps = new StepBuilder(budget);
        _emptyText = new EmptyTextRemover(_analysis, budget);
    }

    /// <summary>Compiles a grammar.</summary>
    /// <param name="root">Describes the whole output.</param>
    /// <param name="controlTexts">Texts; the grammar treats the control tokens in them as ordinary text.</param>
    /// <param name="budget">Limits the work; null for a budget of its own.</param>
    /// <exception cref="GrammarException">The grammar cannot be used; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static Grammar Compile(GrammarNode root, IReadOnlyList<string>? controlTexts = null, CompilationBudget? budget = null)
    {
        try
        {
            return new GrammarCompiler(budget ?? new CompilationBudget()).Run(root, controlTexts ?? []);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new GrammarException("The grammar is nested too deeply.");
        }
    }

    private Grammar Run(GrammarNode root, IReadOnlyList<string> controlTexts)
    {
        _analysis.Add(root);
        if (!_analysis.IsProductive(root))
        {
            throw new GrammarException(
                "The grammar matches no text: each of its alternatives requires itself or a character from an empty set.");
        }

        int start = Compile(root, StepBuilder.Return);
        while (_waiting.TryDequeue(out GrammarRule? rule))
        {
            int body = Compile(rule.Body, StepBuilder.Return);
            _steps.Set(_starts[rule], GrammarStep.Fork(body));
        }

        return new Grammar(_steps.ToArray(), start, controlTexts);
    }

    private int Compile(GrammarNode node, int next)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _budget.Spend(CompilationBudget.NodeCost);
        switch (node)
        {
            case LiteralNode literal:
                return _steps.Read(literal.Utf8, next);
            case CharactersNode characters:
                return _steps.Read(characters.Set, next);
            case SequenceNode sequence:
                for (int i = sequence.Items.Count - 1; i >= 0; i--)
                {
                    next = Compile(sequence.Items[i], next);
                }

                return next;
            case ChoiceNode choice:
                int[] options = [.. choice.Options.Where(_analysis.IsProductive).Select(option => Compile(option, next)).Distinct()];
                return options.Length == 1 ? options[0] : _steps.Add(GrammarStep.Fork(options));
            case RepeatNode repeat:
                return CompileRepeat(repeat, next);
            case FreeTextNode text:
                return CompileFreeText(text, next);
            case ObjectNode item:
                int body = Compile(item.Body, StepBuilder.Return);
                return _steps.Add(new() { Kind = GrammarStepKind.Call, IsObject = true, Target = body, Next = next });
            case KeyNode key:
                int end = _steps.Add(new() { Kind = GrammarStepKind.EndKey, Next = next });
                return _steps.Add(new() { Kind = GrammarStepKind.BeginKey, Next = Compile(key.Body, end) });
            case GrammarRule rule:
                int start = StartOf(rule);
                return next == StepBuilder.Return ? start : _steps.Add(new() { Kind = GrammarStepKind.Call, Target = start, Next = next });
            default:
                throw new NotSupportedException(node.GetType().Name);
        }
    }

    private int CompileRepeat(RepeatNode repeat, int next)
    {
        if (repeat.Max == 0 || !_analysis.IsProductive(repeat.Item))
        {
            return next; // matches only the empty text; if it matched nothing, its parent would have been skipped
        }

        if (repeat.Max is not { } max)
        {
            int loop = _steps.Reserve();
            _steps.Set(loop, GrammarStep.Fork(Compile(repeat.Item, loop), next));
            return repeat.Min == 0 ? loop : Compile(GrammarNode.Repeat(repeat.Item, repeat.Min, repeat.Min), loop);
        }

        // An empty repetition would count any number of times, so only repetitions that match some text are counted.
        bool isNullable = _analysis.IsNullable(repeat.Item);
        GrammarNode item = isNullable ? _emptyText.RemoveFrom(repeat.Item) : repeat.Item;
        int min = isNullable ? 0 : repeat.Min;
        if (isNullable)
        {
            _analysis.Add(item);
            if (!_analysis.IsProductive(item))
            {
                return next;
            }
        }

        if ((long)max * StepEstimate.Of(item, MaxExpandedSteps + 1) <= MaxExpandedSteps || max == 1)
        {
            int step = next;
            for (int i = max - 1; i >= 0; i--)
            {
                step = Compile(item, step);
                step = i >= min ? _steps.Add(GrammarStep.Fork(step, next)) : step;
            }

            return step;
        }

        int target = Compile(item, StepBuilder.Return);
        return _steps.Add(new() { Kind = GrammarStepKind.Count, Target = target, Next = next, Min = min, Max = max });
    }

    private int CompileFreeText(FreeTextNode text, int next)
    {
        MarkerAutomaton automaton = MarkerAutomaton.Build(text.Markers, text.ForbiddenPrefixes, _budget);
        int first = _steps.Count;
        for (int i = 0; i < automaton.Count; i++)
        {
            _steps.Reserve();
        }

        for (int i = 0; i < automaton.Count; i++)
        {
            if (automaton.EndsMarker(i) || automaton.EndsPrefix(i))
            {
                _steps.Set(first + i, text.EndsWithMarker && !automaton.EndsPrefix(i) ? GrammarStep.Fork(next) : GrammarStep.Fork());
                continue;
            }

            ByteEdge[] edges = [.. automaton.EdgesOf(i).Select(edge => edge with { Target = first + edge.Target })];
            var read = new GrammarStep { Kind = GrammarStepKind.Read, Edges = edges };
            _steps.Set(first + i, text.EndsWithMarker ? read : GrammarStep.Fork(_steps.Add(read), next));
        }

        return first + automaton.Start;
    }

    private int StartOf(GrammarRule rule)
    {
        if (!_starts.TryGetValue(rule, out int start))
        {
            _starts.Add(rule, start = _steps.Reserve());
            _waiting.Enqueue(rule);
        }

        return start;
    }
}
