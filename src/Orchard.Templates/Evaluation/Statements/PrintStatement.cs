using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary><c>{{ … }}</c></summary>
internal sealed class PrintStatement(int line, Expression value) : Statement(line)
{
    public override Flow Execute(EvaluationContext context)
    {
        TemplateValue printed = value.Evaluate(context);
        context.Line = Line;
        context.Print(printed);
        return Flow.Next;
    }
}
