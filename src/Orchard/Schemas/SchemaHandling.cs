namespace Orchard;

/// <summary>What happens to a keyword of a JSON Schema that generation is not restricted to.</summary>
public enum SchemaHandling
{
    /// <summary>
    /// The complete value is validated against it: an invalid call has a <see cref="ToolCall.Error"/>, and an invalid answer is a
    /// <see cref="StructuredOutputException"/>.
    /// </summary>
    ValidatedAfterGeneration,

    /// <summary>
    /// It has no effect: it is an annotation, unknown, has an invalid value, or refers to a schema that is not in the document.
    /// </summary>
    Ignored,
}
