using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Operations;

/// <summary>Arithmetic on numbers by Python's rules, except that integers have 64 bits and overflow is an error.</summary>
internal static class Arithmetic
{
    public static TemplateValue Apply(RenderContext context, BinaryOperator operation, TemplateValue left, TemplateValue right)
    {
        context.RequireDefined(left);
        context.RequireDefined(right);
        if (!left.IsNumber || !right.IsNumber)
        {
            throw context.Fail($"'{Symbol(operation)}' cannot be applied to {left.Kind.Describe()} and {right.Kind.Describe()}");
        }

        try
        {
            return left.IsInteger && right.IsInteger
                ? IntegerArithmetic.Apply(context, operation, left.Int, right.Int)
                : TemplateValue.From(FloatArithmetic.Apply(context, operation, left.Number, right.Number));
        }
        catch (OverflowException)
        {
            throw NumberErrors.TooLarge(context);
        }
    }

    public static TemplateValue Negate(RenderContext context, TemplateValue value)
    {
        context.RequireDefined(value);
        if (value.IsInteger)
        {
            return value.Int == long.MinValue ? throw NumberErrors.TooLarge(context) : TemplateValue.From(-value.Int);
        }

        return value.Kind == TemplateKind.Float
            ? TemplateValue.From(-value.Float)
            : throw context.Fail($"'-' needs a number, not {value.Kind.Describe()}");
    }

    public static TemplateValue Plus(RenderContext context, TemplateValue value)
    {
        context.RequireDefined(value);
        return value.Kind switch
        {
            TemplateKind.Int or TemplateKind.Float => value,
            TemplateKind.Bool => TemplateValue.From(value.Int),
            _ => throw context.Fail($"'+' needs a number, not {value.Kind.Describe()}"),
        };
    }

    private static string Symbol(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.FloorDivide => "//",
        BinaryOperator.Modulo => "%",
        _ => "**",
    };
}
