using Orchard.Templates.Operations;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A chain of comparisons, such as <c>a &lt; b &lt;= c</c>.</summary>
internal sealed class CompareExpression : Expression
{
    private readonly Expression _first;
    private readonly (ComparisonOperator Operator, Expression Operand)[] _rest;

    public CompareExpression(int line, Expression first, List<(ComparisonOperator Operator, Expression Operand)> rest)
        : base(line)
    {
        _first = first;
        _rest = [.. rest];
        Height = HeightAround(rest.Select(part => part.Operand).Append(first));
    }

    protected override TemplateValue Compute(EvaluationContext context)
    {
        TemplateValue left = _first.Evaluate(context);
        foreach ((ComparisonOperator operation, Expression operand) in _rest)
        {
            TemplateValue right = operand.Evaluate(context);
            context.Line = Line;
            if (!Comparison.Compare(context, operation, left, right))
            {
                return TemplateValue.False;
            }

            left = right;
        }

        return TemplateValue.True;
    }
}
