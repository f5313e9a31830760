using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A negation, such as <c>not a</c>.</summary>
internal sealed class NotExpression(int line, Expression operand) : Expression(line, operand)
{
    protected override TemplateValue Compute(EvaluationContext context) => TemplateValue.From(!operand.Evaluate(context).IsTrue);
}
