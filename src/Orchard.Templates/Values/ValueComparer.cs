using Orchard.Templates.Limits;

namespace Orchard.Templates.Values;

/// <summary>Equality and hashing as in Python: 1, 1.0 and true are the same key.</summary>
/// <param name="budget">The rendering that is charged for the work; null for none.</param>
internal sealed class ValueComparer(RenderBudget? budget) : IEqualityComparer<TemplateValue>
{
    /// <summary>The comparer for mappings that the caller provides, whose keys are strings. It charges nothing.</summary>
    public static ValueComparer Unbounded { get; } = new(null);

    public bool Equals(TemplateValue x, TemplateValue y)
    {
        budget?.Step();
        if (x.IsNumber && y.IsNumber)
        {
            return NumberComparer.AreEqual(x, y);
        }

        if (x.Kind != y.Kind)
        {
            return false;
        }

        switch (x.Kind)
        {
            case TemplateKind.String:
                if (x.Text.Length == y.Text.Length)
                {
                    budget?.Scan(x.Text.Length);
                    return x.Text == y.Text;
                }

                return false;
            case TemplateKind.Undefined or TemplateKind.None or TemplateKind.Missing:
                return true;
            case TemplateKind.List or TemplateKind.Tuple:
                return ReferenceEquals(x.List, y.List) || AreEqual(x.List.Items, y.List.Items);
            case TemplateKind.Dict:
                return ReferenceEquals(x.Map, y.Map) || AreEqual(x.Map, y.Map);
            case TemplateKind.DictView:
                return AreEqual((TemplateMapView)x.Object, (TemplateMapView)y.Object);
            case TemplateKind.Range:
                return AreEqual((TemplateRange)x.Object, (TemplateRange)y.Object);
            default:
                return ReferenceEquals(x.Object, y.Object);
        }
    }

    public int GetHashCode(TemplateValue value)
    {
        budget?.Step();
        switch (value.Kind)
        {
            case TemplateKind.String:
                budget?.Scan(value.Text.Length);
                return value.Text.GetHashCode(StringComparison.Ordinal);
            case TemplateKind.Bool or TemplateKind.Int:
                return HashCode.Combine(value.Int);
            case TemplateKind.Float:
                double number = value.Float;
                return number == Math.Floor(number) && Math.Abs(number) < 9e18 ? HashCode.Combine((long)number) : HashCode.Combine(number);
            case TemplateKind.Tuple:
                var hash = default(HashCode);
                foreach (TemplateValue item in value.List.Items)
                {
                    hash.Add(GetHashCode(item));
                }

                return hash.ToHashCode();
            default:
                return (int)value.Kind;
        }
    }

    private bool AreEqual(TemplateValue[] x, TemplateValue[] y)
    {
        if (x.Length != y.Length)
        {
            return false;
        }

        for (int i = 0; i < x.Length; i++)
        {
            if (!Equals(x[i], y[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool AreEqual(TemplateMap x, TemplateMap y)
    {
        if (x.Count != y.Count)
        {
            return false;
        }

        for (int i = 0; i < x.Count; i++)
        {
            if (!y.TryGet(x.Keys[i], out TemplateValue other) || !Equals(x.Values[i], other))
            {
                return false;
            }
        }

        return true;
    }

    private bool AreEqual(TemplateMapView x, TemplateMapView y)
    {
        if (x.Part != y.Part || x.Part == MapPart.Values)
        {
            return ReferenceEquals(x, y);
        }

        if (x.Map.Count != y.Map.Count)
        {
            return false;
        }

        return x.Part == MapPart.Items ? AreEqual(x.Map, y.Map) : x.Map.Keys.All(key => y.Map.TryGet(key, out _));
    }

    private static bool AreEqual(TemplateRange x, TemplateRange y) =>
        x.Count == y.Count && (x.Count == 0 || (x.Start == y.Start && (x.Count == 1 || x.Step == y.Step)));
}
