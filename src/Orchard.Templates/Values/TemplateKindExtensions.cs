namespace Orchard.Templates.Values;

/// <summary>Names of kinds in error messages.</summary>
internal static class TemplateKindExtensions
{
    public static string Describe(this TemplateKind kind) => kind switch
    {
        TemplateKind.Undefined => "an undefined value",
        TemplateKind.None => "none",
        TemplateKind.Bool => "a boolean",
        TemplateKind.Int => "an integer",
        TemplateKind.Float => "a float",
        TemplateKind.String => "a string",
        TemplateKind.List => "a list",
        TemplateKind.Tuple => "a tuple",
        TemplateKind.Dict => "a mapping",
        TemplateKind.DictView => "a view of a mapping",
        TemplateKind.Range => "a range",
        TemplateKind.Iterator => "an iterator",
        TemplateKind.Namespace => "a namespace",
        TemplateKind.Loop => "the loop variable",
        _ => "a function",
    };
}
