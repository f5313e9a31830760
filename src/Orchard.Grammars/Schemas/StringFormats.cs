namespace Orchard.Grammars.Schemas;

/// <summary>
/// The string formats that can be enforced. Each is a regular expression for a subset of the format that every validator accepts.
/// </summary>
internal static class StringFormats
{
    private const string Date =
        "[12][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))";
    private const string Time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])";
    private const string Byte = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private const string Label = "[a-z]([a-z0-9]{0,20}[a-z0-9])?";
    private const string Host = Label + "(\\." + Label + "){1,3}";
    private const string Email = "[a-z0-9]{1,20}([._+-][a-z0-9]{1,20}){0,3}@" + Host;
    private const string Path = "(/[A-Za-z0-9._~-]{1,40}){0,8}/?";
    private const string Uri = "https?://" + Host + Path;

    // The last characters have no bits beyond the last byte.
    private const string Base64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?";

    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["date"] = Date,
        ["time"] = Time,
        ["date-time"] = Date + "T" + Time,
        ["duration"] =
            "P([0-9]{1,4}W|[0-9]{1,3}D(T[0-9]{1,2}H([0-9]{1,2}M([0-9]{1,2}S)?)?)?"
            + "|T[0-9]{1,2}(H([0-9]{1,2}M([0-9]{1,2}S)?)?|M([0-9]{1,2}S)?|S))",
        ["email"] = Email,
        ["idn-email"] = Email,
        ["hostname"] = Host,
        ["idn-hostname"] = Host,
        ["ipv4"] = Byte + "(\\." + Byte + "){3}",
        ["ipv6"] = "[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}",
        ["uri"] = Uri,
        ["iri"] = Uri,
        ["uri-reference"] = "(https?://" + Host + ")?" + Path,
        ["iri-reference"] = "(https?://" + Host + ")?" + Path,
        ["uri-template"] = Uri,
        ["json-pointer"] = "(/[A-Za-z0-9._-]{0,40}){0,8}",
        ["relative-json-pointer"] = "(0|[1-9][0-9]{0,2})(#|(/[A-Za-z0-9._-]{0,40}){0,8})",
        ["byte"] = Base64,
        ["base64"] = Base64,
        ["uuid"] = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    };

    /// <summary>The supported formats, for error messages.</summary>
    public static string Names { get; } = string.Join(", ", Known.Keys);

    /// <summary>Returns the regular expression that a whole string of the format matches; null for an unsupported format.</summary>
    public static string? Find(string format) => Known.GetValueOrDefault(format);
}
