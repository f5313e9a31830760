namespace Orchard.Templates.Evaluation.Statements;

/// <summary><c>{% break %}</c> or <c>{% continue %}</c></summary>
internal sealed class LeaveStatement(int line, Flow flow) : Statement(line)
{
    public override Flow Execute(EvaluationContext context) => flow;
}
