using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>The left-hand side of an assignment or a loop.</summary>
internal abstract class Target
{
    public abstract void Assign(EvaluationContext context, TemplateValue value);
}
