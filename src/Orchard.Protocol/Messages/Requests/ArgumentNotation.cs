namespace Orchard.Protocol.Messages.Requests;

/// <summary>Notations of argument values.</summary>
internal static class ArgumentNotation
{
    /// <summary>Strings without quotes or escapes.</summary>
    public const string Raw = "raw";

    /// <summary>JSON.</summary>
    public const string Json = "json";

    /// <summary>Literals of Python.</summary>
    public const string Python = "python";

    /// <summary>JSON with a mark in place of quotes, and keys without quotes.</summary>
    public const string Marked = "marked";

    /// <summary>Like arguments: members and items between marks that contain their names.</summary>
    public const string Elements = "elements";
}
