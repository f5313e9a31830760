namespace Orchard.Templates.Evaluation.Statements;

/// <summary>Literal text.</summary>
internal sealed class TextStatement(int line, string text) : Statement(line)
{
    public override Flow Execute(EvaluationContext context)
    {
        context.Output.Append(text);
        return Flow.Next;
    }
}
