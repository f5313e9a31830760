using System.Runtime.CompilerServices;

namespace Orchard.Grammars;

/// <summary>What the rules of a grammar can and cannot do: match the empty text, match any text at all, begin with themselves.</summary>
internal sealed class GrammarAnalysis
{
    public const int MaxRules = 200_000;

    private readonly HashSet<GrammarRule> _nullable = [];
    private readonly HashSet<GrammarRule> _productive = [];
    private readonly List<GrammarRule> _rules = [];
    private readonly HashSet<GrammarRule> _known = [];

    /// <summary>Looks at a part and all it uses.</summary>
    /// <exception cref="GrammarException">A rule is not defined, or may begin with itself, or there are too many.</exception>
    public void Add(GrammarNode node)
    {
        int before = _rules.Count;
        Collect(node);
        for (int i = before; i < _rules.Count; i++)
        {
            Collect(_rules[i].Body);
        }

        // The last rules first: those that others use come after them as a rule, so this ends soon.
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = _rules.Count - 1; i >= before; i--)
            {
                GrammarRule rule = _rules[i];
                changed |= !_nullable.Contains(rule) && IsNullable(rule.Body) && _nullable.Add(rule);
                changed |= !_productive.Contains(rule) && IsProductive(rule.Body) && _productive.Add(rule);
            }
        }

        RefuseLeftRecursion(before);
    }

    /// <summary>Whether the empty text matches.</summary>
    public bool IsNullable(GrammarNode part)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return part switch
        {
            LiteralNode literal => literal.Utf8.Length == 0,
            CharactersNode => false,
            SequenceNode sequence => sequence.Items.All(IsNullable),
            ChoiceNode choice => choice.Options.Any(IsNullable),
            RepeatNode repeat => repeat.Min == 0 || IsNullable(repeat.Item),
            MarkNode mark => !mark.IsFound,
            ObjectNode node => IsNullable(node.Body),
            KeyNode node => IsNullable(node.Body),
            GrammarRule rule => _nullable.Contains(rule),
            _ => throw new NotSupportedException(part.GetType().Name),
        };
    }

    /// <summary>Whether any text matches.</summary>
    public bool IsProductive(GrammarNode part)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return part switch
        {
            LiteralNode => true,
            CharactersNode characters => !characters.Set.IsEmpty,
            SequenceNode sequence => sequence.Items.All(IsProductive),
            ChoiceNode choice => choice.Options.Any(IsProductive),
            RepeatNode repeat => repeat.Min == 0 || IsProductive(repeat.Item),
            MarkNode => true,
            ObjectNode node => IsProductive(node.Body),
            KeyNode node => IsProductive(node.Body),
            GrammarRule rule => _productive.Contains(rule),
            _ => throw new NotSupportedException(part.GetType().Name),
        };
    }

    private void Collect(GrammarNode node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (node)
        {
            case SequenceNode sequence:
                foreach (GrammarNode item in sequence.Items)
                {
                    Collect(item);
                }

                break;
            case ChoiceNode choice:
                foreach (GrammarNode option in choice.Options)
                {
                    Collect(option);
                }

                break;
            case RepeatNode repeat:
                Collect(repeat.Item);
                break;
            case ObjectNode item:
                Collect(item.Body);
                break;
            case KeyNode item:
                Collect(item.Body);
                break;
            case GrammarRule rule when _known.Add(rule):
                _rules.Add(rule);
                if (_rules.Count > MaxRules)
                {
                    throw new GrammarException($"The grammar has more than {MaxRules:N0} rules.");
                }

                break;
        }
    }

    // A text could begin with the rule again and again without getting anywhere.
    private void RefuseLeftRecursion(int from)
    {
        var done = new HashSet<GrammarRule>();
        var path = new List<(GrammarRule Rule, List<GrammarRule> Next)>();
        var onPath = new HashSet<GrammarRule>();
        for (int i = from; i < _rules.Count; i++)
        {
            Enter(_rules[i]);
            while (path.Count > 0)
            {
                (GrammarRule rule, List<GrammarRule> next) = path[^1];
                if (next.Count == 0)
                {
                    path.RemoveAt(path.Count - 1);
                    onPath.Remove(rule);
                    continue;
                }

                GrammarRule first = next[^1];
                next.RemoveAt(next.Count - 1);
                if (onPath.Contains(first))
                {
                    throw new GrammarException($"The rule '{first.Name}' can begin with itself, so it never gets anywhere. Put what it repeats first.");
                }

                Enter(first);
            }
        }

        void Enter(GrammarRule rule)
        {
            if (done.Add(rule))
            {
                var first = new List<GrammarRule>();
                CollectFirst(rule.Body, first);
                path.Add((rule, first));
                onPath.Add(rule);
            }
        }
    }

    private void CollectFirst(GrammarNode node, List<GrammarRule> first)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (node)
        {
            case SequenceNode sequence:
                foreach (GrammarNode item in sequence.Items)
                {
                    CollectFirst(item, first);
                    if (!IsNullable(item))
                    {
                        break;
                    }
                }

                break;
            case ChoiceNode choice:
                foreach (GrammarNode option in choice.Options)
                {
                    CollectFirst(option, first);
                }

                break;
            case RepeatNode repeat:
                CollectFirst(repeat.Item, first);
                break;
            case ObjectNode item:
                CollectFirst(item.Body, first);
                break;
            case KeyNode item:
                CollectFirst(item.Body, first);
                break;
            case GrammarRule rule:
                first.Add(rule);
                break;
        }
    }
}
