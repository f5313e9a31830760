using Orchard.Templates.Limits;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>A node of a parsed template that prints or assigns. Immutable once the template is parsed.</summary>
internal abstract class Statement(int line)
{
    public int Line { get; } = line;

    public abstract Flow Execute(EvaluationContext context);

    public static Flow ExecuteAll(EvaluationContext context, Statement[] body)
    {
        foreach (Statement statement in body)
        {
            context.Step();
            context.Line = statement.Line;
            Flow flow = statement.Execute(context);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    /// <summary>Executes the body and returns its output; null when it left a loop.</summary>
    public static string? Capture(EvaluationContext context, Statement[] body, out Flow flow)
    {
        TextBuffer outer = context.Output;
        TextBuffer own = context.RentBuffer();
        context.Output = own;
        flow = ExecuteAll(context, body);
        context.Output = outer;
        if (flow != Flow.Next)
        {
            context.ReturnBuffer(own);
            return null;
        }

        return context.TakeText(own);
    }
}
