using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>A block with its own scope: <c>with</c>, <c>generation</c>, or the <c>else</c> of a loop.</summary>
internal sealed class ScopeStatement(int line, SlotBlock variables, (Target Target, Expression Value)[] assignments, Statement[] body)
    : Statement(line)
{
    public override Flow Execute(EvaluationContext context)
    {
        var values = new TemplateValue[assignments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = assignments[i].Value.Evaluate(context);
        }

        context.EnterScope(variables);
        for (int i = 0; i < values.Length; i++)
        {
            assignments[i].Target.Assign(context, values[i]);
        }

        return ExecuteAll(context, body);
    }
}
