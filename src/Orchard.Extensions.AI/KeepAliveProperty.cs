namespace Orchard.Extensions.AI;

/// <summary>Reads how long a model stays loaded: a <see cref="TimeSpan"/>, or one of the forms of <see cref="KeepAliveText"/>.</summary>
internal static class KeepAliveProperty
{
    /// <exception cref="ArgumentException">The value is no duration.</exception>
    public static TimeSpan Of(AdditionalProperty property)
    {
        if (property.IsText)
        {
            return KeepAliveText.Parse(property.ToText()) ?? throw Invalid(property);
        }

        double seconds = property.Value is TimeSpan span ? span.TotalSeconds : property.ToDouble();
        return double.IsNaN(seconds) ? throw Invalid(property) : KeepAliveText.FromSeconds(seconds);
    }

    private static ArgumentException Invalid(AdditionalProperty property) =>
        property.Invalid("a duration such as \"5m\", or a number of seconds");
}
