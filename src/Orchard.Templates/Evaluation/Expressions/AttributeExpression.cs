using Orchard.Templates.Operations;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>An attribute, such as <c>a.name</c>.</summary>
internal sealed class AttributeExpression(int line, Expression target, string name) : Expression(line, target)
{
    private readonly TemplateUndefined _missing = TemplateUndefined.Attribute(name);

    public Expression Target { get; } = target;

    public string Name { get; } = name;

    protected override TemplateValue Compute(EvaluationContext context)
    {
        TemplateValue value = Target.Evaluate(context);
        context.Line = Line;
        return Attributes.Get(context, value, Name, _missing);
    }
}
