namespace Orchard.Hub.Files;

/// <summary>Compares quantizations by their names.</summary>
internal static class Quantizations
{
    // Of Q4_K_M.
    private const double PreferredBits = 4.8;

    private static readonly string[] Preferred =
        ["Q4_K_M", "Q8_0", "UD-Q4_K_XL", "MXFP4", "MXFP4_MOE", "Q4_K_S", "Q5_K_M", "Q4_0", "Q6_K", "IQ4_XS"];

    /// <summary>The quantization that is always chosen if a repository has it.</summary>
    public static string Default => Preferred[0];

    /// <summary>Returns the position in the order of preference: the smaller, the better.</summary>
    public static double Rank(string? tag)
    {
        int index = Array.IndexOf(Preferred, tag);
        return index >= 0 ? index : Preferred.Length + Distance(tag, PreferredBits);
    }

    /// <summary>Returns how many bits per weight a quantization is away from a number of bits; large if it is unknown.</summary>
    public static double Distance(string? tag, double bits) => Bits(tag) is { } own ? Math.Abs(own - bits) : 1000;

    /// <summary>Returns the approximate number of bits per weight; null if unknown.</summary>
    public static double? Bits(string? tag)
    {
        string? last = tag?[(tag.LastIndexOf('-') + 1)..];
        return last switch
        {
            null => null,
            "F32" or "FP32" => 32,
            "F16" or "FP16" or "BF16" => 16,
            "MXFP4" or "MXFP4_MOE" => 4.25,
            "NVFP4" => 4.5,
            _ when last.AsSpan().IndexOfAnyInRange('0', '9') is >= 0 and var digit =>
                last[digit] - '0' + (last.StartsWith('I') ? 0.25 : last.EndsWith("_0", StringComparison.Ordinal) ? 0.5 : 0.6),
            _ => null,
        };
    }
}
