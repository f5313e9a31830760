using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A disjunction, such as <c>a or b</c>.</summary>
internal sealed class OrExpression(int line, Expression left, Expression right) : Expression(line, left, right)
{
    protected override TemplateValue Compute(EvaluationContext context)
    {
        TemplateValue value = left.Evaluate(context);
        return value.IsTrue ? value : right.Evaluate(context);
    }
}
