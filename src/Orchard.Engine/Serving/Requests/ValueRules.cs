using System.Globalization;
using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Checks of single values in a request.</summary>
internal static class ValueRules
{
    /// <summary>Returns an error for a value outside its range, or null. NaN is outside every range.</summary>
    public static RequestError? CheckRange(string name, double value, double from, double to) =>
        value >= from && value <= to ? null : Invalid(name, value, string.Create(CultureInfo.InvariantCulture, $"from {from} to {to}"));

    public static RequestError Invalid(string name, double value, string rule) => new(
        ErrorCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be {rule}."));
}
