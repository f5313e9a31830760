using Orchard.Templates.Operations;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A concatenation such as <c>a ~ b</c>, of the operands as text.</summary>
internal sealed class ConcatExpression : Expression
{
    private readonly Expression[] _parts;

    public ConcatExpression(int line, List<Expression> parts)
        : base(line)
    {
        _parts = [.. parts];
        Height = HeightAround(parts);
    }

    protected override TemplateValue Compute(EvaluationContext context)
    {
        var texts = new string[_parts.Length];
        long length = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            TemplateValue value = _parts[i].Evaluate(context);
            context.Line = Line;
            texts[i] = Printer.Str(context, value);
            length += texts[i].Length;
        }

        context.Allocate(length);
        return TemplateValue.From(string.Concat(texts));
    }
}
