using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary><c>{% call … %}</c></summary>
internal sealed class CallStatement(int line, CallExpression call, MacroDefinition caller) : Statement(line)
{
    public override Flow Execute(EvaluationContext context)
    {
        TemplateValue printed = call.Invoke(context, new TemplateMacro(context, caller, context.Frame));
        context.Line = Line;
        context.Print(printed);
        return Flow.Next;
    }
}
