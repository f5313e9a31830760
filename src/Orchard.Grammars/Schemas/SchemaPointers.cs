using System.Globalization;

namespace Orchard.Grammars.Schemas;

/// <summary>JSON pointers to schemas, and names of schemas that no pointer refers to. Pointers are empty or begin with a slash.</summary>
internal static class SchemaPointers
{
    /// <summary>Before a pointer, this stands for the negation of the schema that it refers to.</summary>
    public const string Not = "!";

    /// <summary>Stands for a schema that allows nothing, like a pointer to <c>false</c>.</summary>
    public const string Never = "false";

    /// <summary>Stands for a schema that allows everything, like a pointer to <c>true</c>.</summary>
    public const string Always = "true";

    /// <summary>Returns the pointer to a member of an object.</summary>
    public static string Child(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>Returns the pointer to an item of a list.</summary>
    public static string Child(string pointer, int index) => $"{pointer}/{index.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Returns the pointer to an item of a keyword's list.</summary>
    public static string Child(string pointer, string keyword, int index) => Child($"{pointer}/{keyword}", index);
}
