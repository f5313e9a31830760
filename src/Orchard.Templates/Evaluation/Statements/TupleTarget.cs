using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>Several targets, such as <c>a, b</c>.</summary>
internal sealed class TupleTarget(int line, Target[] parts) : Target
{
    public override void Assign(EvaluationContext context, TemplateValue value)
    {
        ItemCursor items = ItemCursor.Open(context, value);
        context.Line = line;
        for (int i = 0; i < parts.Length; i++)
        {
            if (!items.TryGet(i, out TemplateValue item))
            {
                throw context.Fail($"{i} values cannot be assigned to {parts.Length} names");
            }

            parts[i].Assign(context, item);
        }

        if (items.TryGet(parts.Length, out _))
        {
            throw context.Fail($"more than {parts.Length} values cannot be assigned to {parts.Length} names");
        }
    }
}
