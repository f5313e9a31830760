namespace Orchard.Protocol.Messages;

/// <summary>Conversion of the key <c>keep_alive</c>: seconds, or a negative number for always.</summary>
internal static class KeepAliveTime
{
    /// <summary>The longest time that is not for always.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>
    /// Returns the time; <see cref="Timeout.InfiniteTimeSpan"/> for always, at most a year otherwise, and null for null and for what is not
    /// a number.
    /// </summary>
    public static TimeSpan? FromSeconds(double? seconds) => seconds switch
    {
        null or double.NaN => null,
        < 0 => Timeout.InfiniteTimeSpan,
        var number => number < Longest.TotalSeconds ? TimeSpan.FromSeconds(number.Value) : Longest,
    };

    public static double? ToSeconds(TimeSpan? time) => time == Timeout.InfiniteTimeSpan ? -1 : time?.TotalSeconds;
}
