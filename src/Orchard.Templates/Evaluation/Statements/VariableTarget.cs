using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>A variable.</summary>
internal sealed class VariableTarget(Variable variable) : Target
{
    public override void Assign(EvaluationContext context, TemplateValue value) => variable.Set(context.Frame, value);
}
