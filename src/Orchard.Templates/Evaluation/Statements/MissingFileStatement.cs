using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>A statement that needs another template file. A chat template has none, so executing the statement is an error.</summary>
internal sealed class MissingFileStatement(int line, string tag, Expression file) : Statement(line)
{
    public override Flow Execute(EvaluationContext context)
    {
        TemplateValue name = file.Evaluate(context);
        context.Line = Line;
        string template = name.IsText ? $"the template '{name.Text}'" : "a template file";
        throw context.Fail($"'{tag}' needs {template}, but chat templates cannot use other files");
    }
}
