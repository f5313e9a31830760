namespace Orchard.Templates.Values;

/// <summary>Compares integers and floats by their exact values, as Python does.</summary>
internal static class NumberComparer
{
    private const double TwoTo63 = 9223372036854775808.0;

    public static bool AreEqual(TemplateValue x, TemplateValue y) =>
        x.IsInteger && y.IsInteger ? x.Int == y.Int : Compare(x, y) == 0;

    /// <summary>Returns a negative number, zero or a positive number; null when either value is NaN.</summary>
    public static int? Compare(TemplateValue x, TemplateValue y)
    {
        if (x.IsInteger && y.IsInteger)
        {
            return x.Int.CompareTo(y.Int);
        }

        if (x.IsInteger)
        {
            return -Compare(y.Float, x.Int);
        }

        if (y.IsInteger)
        {
            return Compare(x.Float, y.Int);
        }

        return double.IsNaN(x.Float) || double.IsNaN(y.Float) ? null : x.Float.CompareTo(y.Float);
    }

    private static int? Compare(double x, long y)
    {
        if (double.IsNaN(x))
        {
            return null;
        }

        if (x >= TwoTo63)
        {
            return 1;
        }

        if (x < -TwoTo63)
        {
            return -1;
        }

        double whole = Math.Floor(x);
        int order = ((long)whole).CompareTo(y);
        return order != 0 ? order : x > whole ? 1 : 0;
    }
}
