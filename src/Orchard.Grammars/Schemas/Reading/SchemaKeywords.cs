namespace Orchard.Grammars.Schemas.Reading;

/// <summary>The keywords that are ignored, and those that cannot be enforced.</summary>
internal static class SchemaKeywords
{
    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$comment", "$defs", "definitions", "$anchor", "$dynamicAnchor", "title", "description", "default", "examples",
        "deprecated", "readOnly", "writeOnly",
    };

    private static readonly HashSet<string> Unsupported = new(StringComparer.Ordinal)
    {
        "$dynamicRef", "$recursiveRef", "$recursiveAnchor", "$vocabulary", "not", "if", "then", "else", "contains", "minContains",
        "maxContains", "uniqueItems", "unevaluatedItems", "unevaluatedProperties", "dependentSchemas", "dependentRequired", "dependencies",
        "additionalItems", "contentEncoding", "contentMediaType", "contentSchema",
    };

    /// <summary>Whether a keyword does not constrain values.</summary>
    public static bool IsIgnored(string keyword) => Annotations.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal);

    /// <summary>Whether a keyword is part of JSON Schema but cannot be enforced.</summary>
    public static bool IsUnsupported(string keyword) => Unsupported.Contains(keyword);
}
