namespace Orchard.Grammars.Schemas.Reading;

/// <summary>The keywords that do not constrain values, and those that are read elsewhere.</summary>
internal static class SchemaKeywords
{
    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "id", "$comment", "$defs", "definitions", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary",
        "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "contentMediaType", "contentSchema",
    };

    private static readonly HashSet<string> Applicators = new(StringComparer.Ordinal)
    {
        "$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
        "dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties", "unevaluatedItems",
        "properties", "patternProperties", "additionalProperties",
        "items", "prefixItems", "additionalItems", "contains", "minContains", "maxContains",
    };

    /// <summary>Whether a keyword does not constrain values.</summary>
    public static bool IsIgnored(string keyword) => Annotations.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal);

    /// <summary>Whether a keyword refers to other schemas, so that it is not read alone.</summary>
    public static bool IsApplicator(string keyword) => Applicators.Contains(keyword);
}
