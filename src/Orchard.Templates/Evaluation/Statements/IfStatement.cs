using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Library;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary><c>{% if … %}</c></summary>
internal sealed class IfStatement(int line, (Expression Test, Statement[] Body)[] branches, Statement[] otherwise) : Statement(line)
{
    public override Flow Execute(EvaluationContext context)
    {
        foreach ((Expression test, Statement[] body) in branches)
        {
            if (test.Evaluate(context).IsTrue)
            {
                return ExecuteAll(context, body);
            }
        }

        return ExecuteAll(context, otherwise);
    }
}
