using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A literal.</summary>
internal sealed class ConstantExpression(int line, TemplateValue value) : Expression(line)
{
    public TemplateValue Value { get; } = value;

    protected override TemplateValue Compute(EvaluationContext context) => Value;
}
