using Orchard.Templates.Operations;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A mapping, such as <c>{'a': b}</c>.</summary>
internal sealed class DictExpression : Expression
{
    private static readonly TemplateValue Empty = TemplateValue.From(new TemplateMap([], [], ValueComparer.Unbounded));

    private readonly (Expression Key, Expression Value)[] _pairs;

    public DictExpression(int line, List<(Expression Key, Expression Value)> pairs)
        : base(line)
    {
        _pairs = [.. pairs];
        Height = HeightAround(pairs.SelectMany(pair => new[] { pair.Key, pair.Value }));
    }

    protected override TemplateValue Compute(EvaluationContext context)
    {
        if (_pairs.Length == 0)
        {
            return Empty;
        }

        context.AllocateItems(_pairs.Length * 4);
        var map = new TemplateMapBuilder(context.Comparer);
        foreach ((Expression key, Expression value) in _pairs)
        {
            TemplateValue made = key.Evaluate(context);
            TemplateValue held = value.Evaluate(context);
            context.Line = Line;
            Comparison.RequireHashable(context, made);
            map.Set(made, held);
        }

        return TemplateValue.From(context.Checked(map.Build()));
    }
}
