using Orchard.Templates.Library;
using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

internal enum BinaryOperator : byte
{
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
}

internal enum ComparisonOperator : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

/// <summary>The operators, with Python's rules for kinds, signs and overflow (which here is an error: whole numbers have 64 bits).</summary>
internal static class Operators
{
    public static TemplateValue Add(Run run, TemplateValue left, TemplateValue right)
    {
        if (left.IsText && right.IsText)
        {
            string x = left.Text;
            string y = right.Text;
            bool safe = left.IsSafeText || right.IsSafeText;
            if (safe)
            {
                x = left.IsSafeText ? x : Markup.Escape(run, x);
                y = right.IsSafeText ? y : Markup.Escape(run, y);
            }

            run.Allocate((long)x.Length + y.Length);
            return TemplateValue.FromText(string.Concat(x, y), safe);
        }

        if (left.IsSequence && left.Kind == right.Kind)
        {
            run.AllocateItems((long)left.List.Count + right.List.Count);
            run.Spend((long)left.List.Count + right.List.Count);
            TemplateValue[] items = [.. left.List.Items, .. right.List.Items];
            return left.Kind == TemplateKind.List ? run.List(items) : run.Tuple(items);
        }

        return Arithmetic(run, BinaryOperator.Add, left, right);
    }

    public static TemplateValue Apply(Run run, BinaryOperator operation, TemplateValue left, TemplateValue right) => operation switch
    {
        BinaryOperator.Add => Add(run, left, right),
        BinaryOperator.Multiply when (left.IsText || left.IsSequence) && right.IsInteger => Repeat(run, left, right.Int),
        BinaryOperator.Multiply when (right.IsText || right.IsSequence) && left.IsInteger => Repeat(run, right, left.Int),
        BinaryOperator.Modulo when left.IsText => PercentFormat.Apply(run, left, right),
        _ => Arithmetic(run, operation, left, right),
    };

    public static TemplateValue Negate(Run run, TemplateValue value)
    {
        Kinds.Defined(run, value);
        if (value.IsInteger)
        {
            return value.Int == long.MinValue ? throw TooLarge(run) : TemplateValue.From(-value.Int);
        }

        return value.Kind == TemplateKind.Float
            ? TemplateValue.From(-value.Float)
            : throw run.Fail($"'-' needs a number, not {Kinds.Describe(value)}");
    }

    public static TemplateValue Plus(Run run, TemplateValue value)
    {
        Kinds.Defined(run, value);
        return value.Kind switch
        {
            TemplateKind.Int or TemplateKind.Float => value,
            TemplateKind.Bool => TemplateValue.From(value.Int),
            _ => throw run.Fail($"'+' needs a number, not {Kinds.Describe(value)}"),
        };
    }

    public static bool Compare(Run run, ComparisonOperator operation, TemplateValue left, TemplateValue right)
    {
        switch (operation)
        {
            case ComparisonOperator.Equal:
                return run.Comparer.Equals(left, right);
            case ComparisonOperator.NotEqual:
                return !run.Comparer.Equals(left, right);
            case ComparisonOperator.In:
                return Contains(run, right, left);
            case ComparisonOperator.NotIn:
                return !Contains(run, right, left);
        }

        int? order = Order(run, left, right);
        return order is { } known && operation switch
        {
            ComparisonOperator.Less => known < 0,
            ComparisonOperator.LessOrEqual => known <= 0,
            ComparisonOperator.Greater => known > 0,
            _ => known >= 0,
        };
    }

    /// <summary>The order of two values; null where one is not a number (NaN). Fails for kinds that have no order between them.</summary>
    public static int? Order(Run run, TemplateValue left, TemplateValue right)
    {
        run.Step();
        if (left.IsNumber && right.IsNumber)
        {
            return Numbers.Compare(left, right);
        }

        if (left.IsText && right.IsText)
        {
            run.Scan(Math.Min(left.Text.Length, right.Text.Length));
            return PythonText.Compare(left.Text, right.Text);
        }

        if (left.IsSequence && left.Kind == right.Kind)
        {
            TemplateValue[] x = left.List.Items;
            TemplateValue[] y = right.List.Items;
            for (int i = 0; i < Math.Min(x.Length, y.Length); i++)
            {
                if (!run.Comparer.Equals(x[i], y[i]))
                {
                    return Order(run, x[i], y[i]);
                }
            }

            return x.Length.CompareTo(y.Length);
        }

        Kinds.Defined(run, left);
        Kinds.Defined(run, right);
        throw run.Fail($"{Kinds.Describe(left)} and {Kinds.Describe(right)} have no order");
    }

    public static bool Contains(Run run, TemplateValue container, TemplateValue item)
    {
        switch (container.Kind)
        {
            case TemplateKind.String:
                if (!item.IsText)
                {
                    throw run.Fail($"'in' of a string needs a string, not {Kinds.Describe(item)}");
                }

                run.Search(container.Text.Length, item.Text.Length);
                return container.Text.Contains(item.Text, StringComparison.Ordinal);
            case TemplateKind.Dict:
                RequireHashable(run, item);
                run.Spend(Math.Min(container.Map.Count, 8));
                return container.Map.TryGet(item, out _);
            default:
                ItemCursor cursor = ItemCursor.Open(run, container);
                for (int i = 0; cursor.TryGet(i, out TemplateValue candidate); i++)
                {
                    if (candidate.IsSame(item) || run.Comparer.Equals(candidate, item))
                    {
                        return true;
                    }
                }

                return false;
        }
    }

    public static void RequireHashable(Run run, TemplateValue key)
    {
        if (!Kinds.IsHashable(key))
        {
            throw run.Fail($"{Kinds.Describe(key)} cannot be a key");
        }
    }

    private static TemplateValue Repeat(Run run, TemplateValue value, long times)
    {
        times = Math.Max(times, 0);
        if (value.IsText)
        {
            long length = value.Text.Length == 0 ? 0 : Limited(run, times, value.Text.Length);
            run.Allocate(length);
            string text = length == 0 ? string.Empty : string.Concat(Enumerable.Repeat(value.Text, (int)times));
            return TemplateValue.FromText(text, value.IsSafeText);
        }

        TemplateValue[] source = value.List.Items;
        long count = source.Length == 0 ? 0 : Limited(run, times, source.Length);
        run.AllocateItems(count);
        run.Spend(count);
        var items = new TemplateValue[count];
        for (int at = 0; at < count; at += source.Length)
        {
            source.CopyTo(items, at);
        }

        return value.Kind == TemplateKind.List ? run.List(items) : run.Tuple(items);
    }

    private static long Limited(Run run, long times, int length)
    {
        long total = times > int.MaxValue ? long.MaxValue / 16 : times * length;
        return total <= run.MaxOutputLength ? total : throw run.Fail($"'*' makes more than {run.MaxOutputLength} characters or items");
    }

    private static TemplateValue Arithmetic(Run run, BinaryOperator operation, TemplateValue left, TemplateValue right)
    {
        Kinds.Defined(run, left);
        Kinds.Defined(run, right);
        if (!left.IsNumber || !right.IsNumber)
        {
            throw run.Fail($"'{Symbol(operation)}' cannot be applied to {Kinds.Describe(left)} and {Kinds.Describe(right)}");
        }

        try
        {
            return left.IsInteger && right.IsInteger
                ? OfIntegers(run, operation, left.Int, right.Int)
                : TemplateValue.From(OfFloats(run, operation, left.Number, right.Number));
        }
        catch (OverflowException)
        {
            throw TooLarge(run);
        }
    }

    private static TemplateValue OfIntegers(Run run, BinaryOperator operation, long x, long y)
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
                return x == 0 ? throw DividedByZero(run) : TemplateValue.From(Math.Pow(x, y));
        }

        if (y == 0)
        {
            throw DividedByZero(run);
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

    private static double OfFloats(Run run, BinaryOperator operation, double x, double y)
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
                    throw run.Fail("'**' has no real result");
                }

                return double.IsInfinity(power) && double.IsFinite(x) && double.IsFinite(y) ? throw TooLarge(run) : power;
        }

        if (y == 0)
        {
            throw DividedByZero(run);
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

    private static TemplateException DividedByZero(Run run) => run.Fail("a number is divided by zero");

    private static TemplateException TooLarge(Run run) => run.Fail("a number does not fit in 64 bits");
}
