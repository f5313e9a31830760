using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary><c>{% macro … %}</c></summary>
internal sealed class MacroStatement(int line, MacroDefinition definition, Target target) : Statement(line)
{
    public override Flow Execute(EvaluationContext context)
    {
        target.Assign(context, TemplateValue.From(new TemplateMacro(context, definition, context.Frame)));
        return Flow.Next;
    }
}
