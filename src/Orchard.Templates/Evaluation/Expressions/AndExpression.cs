using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A conjunction, such as <c>a and b</c>.</summary>
internal sealed class AndExpression(int line, Expression left, Expression right) : Expression(line, left, right)
{
    protected override TemplateValue Compute(EvaluationContext context)
    {
        TemplateValue value = left.Evaluate(context);
        return value.IsTrue ? right.Evaluate(context) : value;
    }
}
