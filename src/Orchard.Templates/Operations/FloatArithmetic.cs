using Orchard.Templates.Runtime;

namespace Orchard.Templates.Operations;

/// <summary>Arithmetic on floats.</summary>
internal static class FloatArithmetic
{
    public static double Apply(RenderContext context, BinaryOperator operation, double x, double y)
    {
        switch (operation)
        {
            case BinaryOperator.Add:
                return x + y;
            case BinaryOperator.Subtract:
                return x - y;
            case BinaryOperator.Multiply:
                return x * y;
            case BinaryOperator.Power:
                double power = Math.Pow(x, y);
                if ((x == 0 && y < 0) || (double.IsNaN(power) && !double.IsNaN(x) && !double.IsNaN(y)))
                {
                    throw context.Fail("the result of '**' is not a real number");
                }

                return double.IsInfinity(power) && double.IsFinite(x) && double.IsFinite(y) ? throw NumberErrors.TooLarge(context) : power;
        }

        if (y == 0)
        {
            throw NumberErrors.DividedByZero(context);
        }

        if (operation == BinaryOperator.Divide)
        {
            return x / y;
        }

        double rest = x % y;
        double quotient = (x - rest) / y;
        if (rest != 0)
        {
            if ((y < 0) != (rest < 0))
            {
                rest += y;
                quotient -= 1;
            }
        }
        else
        {
            rest = Math.CopySign(0, y);
        }

        if (operation == BinaryOperator.Modulo)
        {
            return rest;
        }

        if (quotient == 0)
        {
            return Math.CopySign(0, x / y);
        }

        double floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }
}
