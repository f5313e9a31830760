using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A conditional, such as <c>a if test else b</c>.</summary>
internal sealed class ConditionalExpression(int line, Expression test, Expression then, Expression? otherwise)
    : Expression(line, test, then, otherwise)
{
    private static readonly TemplateValue NoElse = TemplateValue.From(new TemplateUndefined("an inline 'if' was false and has no 'else'"));

    protected override TemplateValue Compute(EvaluationContext context) =>
        test.Evaluate(context).IsTrue ? then.Evaluate(context) : otherwise?.Evaluate(context) ?? NoElse;
}
