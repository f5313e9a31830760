using Orchard.Templates.Operations;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A slice, such as <c>a[start:stop:step]</c>.</summary>
internal sealed class SliceExpression(int line, Expression target, Expression? start, Expression? stop, Expression? step)
    : Expression(line, target, start, stop, step)
{
    protected override TemplateValue Compute(EvaluationContext context)
    {
        TemplateValue value = target.Evaluate(context);
        TemplateValue first = start?.Evaluate(context) ?? default;
        TemplateValue last = stop?.Evaluate(context) ?? default;
        TemplateValue stride = step?.Evaluate(context) ?? default;
        context.Line = Line;
        return Slices.Cut(context, value, first, last, stride);
    }
}
