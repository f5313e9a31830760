namespace Orchard.Templates.Values;

/// <summary>The kinds of values.</summary>
internal enum TemplateKind : byte
{
    /// <summary>An unset variable or an argument not given. Never visible to a template.</summary>
    Missing,
    None,
    Bool,
    Int,
    Float,
    String,

    // Kinds from here on have a TemplateObject.
    Undefined,
    List,
    Tuple,
    Dict,
    DictView,
    Range,
    Iterator,
    Namespace,
    Callable,
    Loop,
}
