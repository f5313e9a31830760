using Orchard.Templates.Evaluation.Expressions;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary><c>{% set x = … %}</c></summary>
internal sealed class SetStatement(int line, Target target, Expression value) : Statement(line)
{
    public override Flow Execute(EvaluationContext context)
    {
        target.Assign(context, value.Evaluate(context));
        return Flow.Next;
    }
}
