using Orchard.Templates.Operations;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>An arithmetic operator other than <c>+</c>, such as <c>a * b</c>.</summary>
internal sealed class BinaryExpression(int line, BinaryOperator operation, Expression left, Expression right)
    : Expression(line, left, right)
{
    protected override TemplateValue Compute(EvaluationContext context)
    {
        TemplateValue x = left.Evaluate(context);
        TemplateValue y = right.Evaluate(context);
        context.Line = Line;
        return Operators.Apply(context, operation, x, y);
    }
}
