namespace Orchard.Templates.Values;

/// <summary>The closed set of kinds a value can have.</summary>
internal enum TemplateKind : byte
{
    /// <summary>No value at all: an unset variable or an argument not given. Never seen by a template.</summary>
    Missing,
    Undefined,
    None,
    Bool,
    Int,
    Float,
    String,
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
