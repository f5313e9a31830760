using Orchard.Templates.Operations;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>An item, such as <c>a[key]</c>.</summary>
internal sealed class ItemExpression(int line, Expression target, Expression key) : Expression(line, target, key)
{
    private readonly string? _text = key is ConstantExpression { Value.IsText: true } text ? text.Value.Text : null;

    protected override TemplateValue Compute(EvaluationContext context)
    {
        TemplateValue value = target.Evaluate(context);
        if (_text is not null && value.Kind == TemplateKind.Dict && value.Map.TryGet(_text, out TemplateValue item))
        {
            return item;
        }

        TemplateValue at = key.Evaluate(context);
        context.Line = Line;
        return Attributes.Item(context, value, at);
    }
}
