using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Operations;

/// <summary>Arithmetic on integers.</summary>
internal static class IntegerArithmetic
{
    /// <exception cref="OverflowException">The result does not fit in 64 bits.</exception>
    public static TemplateValue Apply(RenderContext context, BinaryOperator operation, long x, long y)
    {
        switch (operation)
        {
            case BinaryOperator.Add:
                return TemplateValue.From(checked(x + y));
            case BinaryOperator.Subtract:
                return TemplateValue.From(checked(x - y));
            case BinaryOperator.Multiply:
                return TemplateValue.From(checked(x * y));
            case BinaryOperator.Power when y >= 0:
                return TemplateValue.From(Power(x, y));
            case BinaryOperator.Power:
                return x == 0 ? throw NumberErrors.DividedByZero(context) : TemplateValue.From(Math.Pow(x, y));
        }

        if (y == 0)
        {
            throw NumberErrors.DividedByZero(context);
        }

        if (operation == BinaryOperator.Divide)
        {
            return TemplateValue.From(x / (double)y);
        }

        if (y == -1)
        {
            return operation == BinaryOperator.Modulo ? TemplateValue.From(0) : TemplateValue.From(checked(-x));
        }

        long quotient = x / y;
        long rest = x - (quotient * y);
        bool adjust = rest != 0 && (rest < 0) != (y < 0);
        return TemplateValue.From(operation == BinaryOperator.Modulo ? (adjust ? rest + y : rest) : (adjust ? quotient - 1 : quotient));
    }

    private static long Power(long x, long y)
    {
        if (x is 0 or 1)
        {
            return y == 0 ? 1 : x;
        }

        if (x == -1)
        {
            return y % 2 == 0 ? 1 : -1;
        }

        long result = 1;
        for (; y > 0; y--)
        {
            result = checked(result * x);
        }

        return result;
    }
}
