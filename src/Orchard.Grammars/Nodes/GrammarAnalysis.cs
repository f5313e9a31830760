using System.Runtime.CompilerServices;

namespace Orchard.Grammars.Nodes;

/// <summary>Finds which nodes match the empty text, which match any text at all, and refuses rules that begin with themselves.</summary>
/// <param name="budget">Limits the work.</param>
internal sealed class GrammarAnalysis(CompilationBudget budget)
{
    public const int MaxRules = 200_000;

    private readonly HashSet<GrammarRule> _nullable = [];
    private readonly HashSet<GrammarRule> _productive = [];
    private readonly List<GrammarRule> _rules = [];
    private readonly HashSet<GrammarRule> _known = [];

    /// <summary>Analyzes a node and every rule it uses.</summary>
    /// <exception cref="GrammarException">A rule is not defined or may begin with itself, or there are too many rules.</exception>
    public void Add(GrammarNode node)
    {
        int before = _rules.Count;
        Collect(node);
        for (int i = before; i < _rules.Count; i++)
        {
            Collect(_rules[i].Body);
        }

        // Rules are mostly collected before the rules they use, so going backwards reaches the fixed point in few rounds.
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

        LeftRecursion.Refuse(_rules.Skip(before), IsNullable);
    }

    /// <summary>Whether the node matches the empty text.</summary>
    public bool IsNullable(GrammarNode node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        budget.Spend(CompilationBudget.StateCost);
        return node switch
        {
            LiteralNode literal => literal.Utf8.Length == 0,
            CharactersNode => false,
            SequenceNode sequence => sequence.Items.All(IsNullable),
            ChoiceNode choice => choice.Options.Any(IsNullable),
            RepeatNode repeat => repeat.Min == 0 || IsNullable(repeat.Item),
            FreeTextNode text => !text.EndsWithMarker,
            ObjectNode item => IsNullable(item.Body),
            KeyNode key => IsNullable(key.Body),
            GrammarRule rule => _nullable.Contains(rule),
            _ => throw new NotSupportedException(node.GetType().Name),
        };
    }

    /// <summary>Whether the node matches any text.</summary>
    public bool IsProductive(GrammarNode node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        budget.Spend(CompilationBudget.StateCost);
        return node switch
        {
            LiteralNode => true,
            CharactersNode characters => !characters.Set.IsEmpty,
            SequenceNode sequence => sequence.Items.All(IsProductive),
            ChoiceNode choice => choice.Options.Any(IsProductive),
            RepeatNode repeat => repeat.Min == 0 || IsProductive(repeat.Item),
            FreeTextNode => true,
            ObjectNode item => IsProductive(item.Body),
            KeyNode key => IsProductive(key.Body),
            GrammarRule rule => _productive.Contains(rule),
            _ => throw new NotSupportedException(node.GetType().Name),
        };
    }

    private void Collect(GrammarNode node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        budget.Spend(CompilationBudget.StateCost);
        if (node is GrammarRule rule)
        {
            if (!_known.Add(rule))
            {
                return;
            }

            _rules.Add(rule);
            if (_rules.Count > MaxRules)
            {
                throw new GrammarException($"The grammar has more than {MaxRules:N0} rules.");
            }
        }

        foreach (GrammarNode child in node.Children)
        {
            Collect(child);
        }
    }
}
