using Orchard.Templates.Operations;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A sign, such as <c>-a</c>.</summary>
internal sealed class UnaryExpression(int line, Expression operand, bool negates) : Expression(line, operand)
{
    protected override TemplateValue Compute(EvaluationContext context)
    {
        TemplateValue value = operand.Evaluate(context);
        context.Line = Line;
        return negates ? Arithmetic.Negate(context, value) : Arithmetic.Plus(context, value);
    }
}
