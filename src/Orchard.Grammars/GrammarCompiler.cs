using System.Runtime.CompilerServices;
using System.Text;

namespace Orchard.Grammars;

/// <summary>Turns parts and rules into the steps of a <see cref="Grammar"/>, from the end to the beginning.</summary>
internal sealed class GrammarCompiler
{
    private const int MaxSteps = 2_000_000;

    /// <summary>Repetitions that come to no more steps than this are written out, which is faster than counting.</summary>
    private const int MaxWrittenOut = 64;

    private const int Return = 0;

    private readonly GrammarAnalysis _analysis = new();
    private readonly List<GrammarStep> _steps = [new() { Kind = GrammarStepKind.Return }];
    private readonly Dictionary<ByteEdge, int> _single = [];
    private readonly Dictionary<(CodePointSet, int), int> _characters = [];
    private readonly Dictionary<GrammarRule, int> _starts = [];
    private readonly Queue<GrammarRule> _waiting = new();
    private readonly Dictionary<GrammarRule, GrammarRule> _nonEmpty = [];

    private GrammarCompiler()
    {
    }

    public static Grammar Compile(GrammarNode root, IReadOnlyList<string> controlTexts)
    {
        var compiler = new GrammarCompiler();
        compiler._analysis.Add(root);
        if (!compiler._analysis.IsProductive(root))
        {
            throw new GrammarException("The grammar matches no text at all: each of its alternatives needs itself, or a character that does not exist.");
        }

        int start = compiler.Lower(root, Return);
        while (compiler._waiting.TryDequeue(out GrammarRule? rule))
        {
            int body = compiler.Lower(rule.Body, Return);
            compiler._steps[compiler._starts[rule]] = Fork(body);
        }

        return new Grammar([.. compiler._steps], start, controlTexts);
    }

    private static GrammarStep Fork(params int[] targets) => new() { Kind = GrammarStepKind.Fork, Targets = targets };

    private int Lower(GrammarNode node, int next)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (node)
        {
            case LiteralNode literal:
                for (int i = literal.Utf8.Length - 1; i >= 0; i--)
                {
                    next = Single(new ByteEdge(literal.Utf8[i], literal.Utf8[i], next));
                }

                return next;
            case CharactersNode characters:
                return LowerCharacters(characters.Set, next);
            case SequenceNode sequence:
                for (int i = sequence.Items.Count - 1; i >= 0; i--)
                {
                    next = Lower(sequence.Items[i], next);
                }

                return next;
            case ChoiceNode choice:
                int[] options = [.. choice.Options.Where(_analysis.IsProductive).Select(option => Lower(option, next)).Distinct()];
                return options.Length == 1 ? options[0] : Add(Fork(options));
            case RepeatNode repeat:
                return LowerRepeat(repeat, next);
            case MarkNode mark:
                return LowerMarks(mark, next);
            case ObjectNode item:
                return Add(new() { Kind = GrammarStepKind.Call, IsObject = true, Target = Lower(item.Body, Return), Next = next });
            case KeyNode key:
                int end = Add(new() { Kind = GrammarStepKind.EndKey, Next = next });
                return Add(new() { Kind = GrammarStepKind.BeginKey, Next = Lower(key.Body, end) });
            case GrammarRule rule:
                int start = StartOf(rule);
                return next == Return ? start : Add(new() { Kind = GrammarStepKind.Call, Target = start, Next = next });
            default:
                throw new NotSupportedException(node.GetType().Name);
        }
    }

    private int LowerCharacters(CodePointSet set, int next)
    {
        if (_characters.TryGetValue((set, next), out int known))
        {
            return known;
        }

        var edges = new List<ByteEdge>();
        foreach ((int first, int last) in set.Ranges)
        {
            foreach ((byte First, byte Last)[] run in Utf8Ranges.Split(first, last))
            {
                int target = next;
                for (int i = run.Length - 1; i > 0; i--)
                {
                    target = Single(new ByteEdge(run[i].First, run[i].Last, target));
                }

                edges.Add(new ByteEdge(run[0].First, run[0].Last, target));
            }
        }

        int step = Add(new() { Kind = GrammarStepKind.Read, Edges = [.. edges] });
        _characters.Add((set, next), step);
        return step;
    }

    private int LowerRepeat(RepeatNode repeat, int next)
    {
        if (repeat.Max == 0 || !_analysis.IsProductive(repeat.Item))
        {
            return next; // matches the empty text alone, or its parent would not have come here
        }

        if (repeat.Max is not { } max)
        {
            int loop = Add(default);
            _steps[loop] = Fork(Lower(repeat.Item, loop), next);
            return repeat.Min == 0 ? loop : Lower(GrammarNode.Repeat(repeat.Item, repeat.Min, repeat.Min), loop);
        }

        // An empty repetition could be one of any number, so only those that are not are counted.
        bool isNullable = _analysis.IsNullable(repeat.Item);
        GrammarNode item = isNullable ? NonEmpty(repeat.Item) : repeat.Item;
        int min = isNullable ? 0 : repeat.Min;
        if (isNullable)
        {
            _analysis.Add(item);
            if (!_analysis.IsProductive(item))
            {
                return next;
            }
        }

        if ((long)max * Weigh(item, MaxWrittenOut + 1) <= MaxWrittenOut || max == 1)
        {
            int step = next;
            for (int i = max - 1; i >= 0; i--)
            {
                step = Lower(item, step);
                step = i >= min ? Add(Fork(step, next)) : step;
            }

            return step;
        }

        return Add(new() { Kind = GrammarStepKind.Count, Target = Lower(item, Return), Next = next, Min = min, Max = max });
    }

    /// <summary>The texts of a part but the empty one.</summary>
    private GrammarNode NonEmpty(GrammarNode node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (!_analysis.IsNullable(node))
        {
            return node;
        }

        switch (node)
        {
            case LiteralNode:
                return GrammarNode.Nothing;
            case SequenceNode sequence:
                // The first item that is not empty, and what comes after it.
                return GrammarNode.Choice(
                    [.. sequence.Items.Select((item, i) => GrammarNode.Sequence([NonEmpty(item), .. sequence.Items.Skip(i + 1)]))]);
            case ChoiceNode choice:
                return GrammarNode.Choice([.. choice.Options.Select(NonEmpty)]);
            case RepeatNode repeat:
                return GrammarNode.Repeat(NonEmpty(repeat.Item), 1, repeat.Max);
            case GrammarRule rule:
                if (!_nonEmpty.TryGetValue(rule, out GrammarRule? nonEmpty))
                {
                    _nonEmpty.Add(rule, nonEmpty = new GrammarRule(rule.Name));
                    nonEmpty.Body = NonEmpty(rule.Body);
                }

                return nonEmpty;
            default:
                // Free text, or an object that may be empty, which no JSON object is.
                throw new GrammarException("Free text cannot be part of something that is counted.");
        }
    }

    private int LowerMarks(MarkNode node, int next)
    {
        MarkTrie trie = MarkTrie.Build(node.Marks, node.ExceptBeginnings);
        int first = _steps.Count;
        for (int i = 0; i < trie.Count; i++)
        {
            Add(default);
        }

        for (int i = 0; i < trie.Count; i++)
        {
            if (trie.IsMark(i) || trie.IsBeginning(i))
            {
                _steps[first + i] = node.IsFound && !trie.IsBeginning(i) ? Fork(next) : Fork();
                continue;
            }

            ByteEdge[] edges = [.. trie.EdgesOf(i).Select(edge => edge with { Target = first + edge.Target })];
            var read = new GrammarStep { Kind = GrammarStepKind.Read, Edges = edges };
            _steps[first + i] = node.IsFound ? read : Fork(Add(read), next);
        }

        return first + trie.Start;
    }

    private int StartOf(GrammarRule rule)
    {
        if (!_starts.TryGetValue(rule, out int start))
        {
            _starts.Add(rule, start = Add(default));
            _waiting.Enqueue(rule);
        }

        return start;
    }

    private int Single(ByteEdge edge)
    {
        if (!_single.TryGetValue(edge, out int step))
        {
            _single.Add(edge, step = Add(new() { Kind = GrammarStepKind.Read, Edges = [edge] }));
        }

        return step;
    }

    private int Add(GrammarStep step)
    {
        if (_steps.Count >= MaxSteps)
        {
            throw new GrammarException($"The grammar is too large: it has more than {MaxSteps:N0} steps.");
        }

        _steps.Add(step);
        return _steps.Count - 1;
    }

    private static int Weigh(GrammarNode node, int limit)
    {
        if (limit <= 0)
        {
            return 1;
        }

        switch (node)
        {
            case LiteralNode literal:
                return literal.Utf8.Length;
            case SequenceNode or ChoiceNode:
                int sum = 1;
                foreach (GrammarNode item in node is SequenceNode sequence ? sequence.Items : ((ChoiceNode)node).Options)
                {
                    if ((sum += Weigh(item, limit - sum)) > limit)
                    {
                        break;
                    }
                }

                return sum;
            case ObjectNode item:
                return 1 + Weigh(item.Body, limit);
            case KeyNode key:
                return 2 + Weigh(key.Body, limit);
            case RepeatNode repeat:
                return (int)Math.Min((long)(repeat.Max ?? 1) * (1 + Weigh(repeat.Item, limit)), limit + 1);
            default:
                return 1;
        }
    }
}
