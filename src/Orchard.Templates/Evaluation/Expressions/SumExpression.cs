using Orchard.Templates.Operations;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A sum such as <c>a + b + c</c>. One node for all operands avoids intermediate strings.</summary>
internal sealed class SumExpression : Expression
{
    private readonly Expression[] _parts;

    public SumExpression(int line, List<Expression> parts)
        : base(line)
    {
        _parts = [.. parts];
        Height = HeightAround(parts);
    }

    protected override TemplateValue Compute(EvaluationContext context)
    {
        TemplateValue[] values = EvaluateAll(context, _parts);
        context.Line = Line;
        return Array.TrueForAll(values, value => value.IsText && !value.IsSafeText) ? Joined(context, values) : Added(context, values);
    }

    private static TemplateValue Joined(EvaluationContext context, TemplateValue[] values)
    {
        long length = 0;
        foreach (TemplateValue value in values)
        {
            length += value.Text.Length;
        }

        context.Allocate(length);
        return TemplateValue.From(string.Create((int)length, values, static (text, values) =>
        {
            foreach (TemplateValue value in values)
            {
                value.Text.CopyTo(text);
                text = text[value.Text.Length..];
            }
        }));
    }

    private static TemplateValue Added(EvaluationContext context, TemplateValue[] values)
    {
        TemplateValue sum = values[0];
        for (int i = 1; i < values.Length; i++)
        {
            sum = Operators.Add(context, sum, values[i]);
        }

        return sum;
    }
}
