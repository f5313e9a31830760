using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A list or tuple, such as <c>[a, b]</c> or <c>(a, b)</c>.</summary>
internal sealed class ListExpression : Expression
{
    private readonly Expression[] _items;
    private readonly bool _isTuple;

    public ListExpression(int line, List<Expression> items, bool isTuple)
        : base(line)
    {
        _items = [.. items];
        _isTuple = isTuple;
        Height = HeightAround(items);
    }

    protected override TemplateValue Compute(EvaluationContext context)
    {
        context.AllocateItems(_items.Length);
        TemplateValue[] items = EvaluateAll(context, _items);
        context.Line = Line;
        return _isTuple ? context.Tuple(items) : context.List(items);
    }
}
