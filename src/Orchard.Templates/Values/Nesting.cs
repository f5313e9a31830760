namespace Orchard.Templates.Values;

/// <summary>Computes the nesting depth of containers.</summary>
internal static class Nesting
{
    /// <summary>Returns the depth of a container of these values.</summary>
    public static int DepthAround(ReadOnlySpan<TemplateValue> items)
    {
        int deepest = 0;
        foreach (TemplateValue item in items)
        {
            deepest = Math.Max(deepest, item.Depth);
        }

        return deepest + 1;
    }
}
