using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A node of a parsed template that has a value. Immutable once the template is parsed.</summary>
internal abstract class Expression
{
    protected Expression(int line, params ReadOnlySpan<Expression?> parts)
    {
        Line = line;
        foreach (Expression? part in parts)
        {
            Height = Math.Max(Height, part?.Height ?? 0);
        }

        Height++;
    }

    public int Line { get; }

    /// <summary>The height of the tree below this node, which bounds the recursion of its evaluation.</summary>
    public int Height { get; protected init; }

    public TemplateValue Evaluate(EvaluationContext context)
    {
        context.Step();
        return Compute(context);
    }

    protected abstract TemplateValue Compute(EvaluationContext context);

    protected static int HeightAround(IEnumerable<Expression> parts) => parts.Select(part => part.Height).DefaultIfEmpty().Max() + 1;

    protected static TemplateValue[] EvaluateAll(EvaluationContext context, Expression[] parts)
    {
        if (parts.Length == 0)
        {
            return [];
        }

        var values = new TemplateValue[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            values[i] = parts[i].Evaluate(context);
        }

        return values;
    }
}
