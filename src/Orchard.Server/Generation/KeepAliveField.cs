using Orchard.Extensions.AI;

namespace Orchard.Server.Generation;

/// <summary>Reads how long a model stays loaded, in the forms of <see cref="KeepAliveText"/>. Pure.</summary>
internal static class KeepAliveField
{
    /// <summary>Returns the duration.</summary>
    public static TimeSpan Read(Field field) =>
        !field.IsText ? KeepAliveText.FromSeconds(field.ToDouble())
        : KeepAliveText.Parse(field.ToText()) ?? throw field.Invalid("a number of seconds, or a duration such as \"5m\"");
}
