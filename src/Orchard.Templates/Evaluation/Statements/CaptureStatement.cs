using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>
/// <c>{% set x %}…{% endset %}</c> or <c>{% filter f %}…{% endfilter %}</c>: captures the output of a block, filters it, and assigns or
/// prints it.
/// </summary>
internal sealed class CaptureStatement(int line, SlotBlock variables, Target? target, FilterExpression? filter, Statement[] body)
    : Statement(line)
{
    public override Flow Execute(EvaluationContext context)
    {
        context.EnterScope(variables);
        string? text = Capture(context, body, out Flow flow);
        if (text is null)
        {
            return flow;
        }

        TemplateValue value = TemplateValue.From(text);
        context.Line = Line;
        value = filter is null ? value : filter.Apply(context, value);
        if (target is null)
        {
            context.Print(value);
        }
        else
        {
            target.Assign(context, value);
        }

        return Flow.Next;
    }
}
