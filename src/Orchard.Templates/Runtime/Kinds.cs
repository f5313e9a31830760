using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>What kinds of values are called, and which of them are true.</summary>
internal static class Kinds
{
    public static string Describe(TemplateValue value) => value.Kind switch
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

    public static bool IsTrue(TemplateValue value) => value.Kind switch
    {
        TemplateKind.Undefined or TemplateKind.None or TemplateKind.Missing => false,
        TemplateKind.Bool or TemplateKind.Int => value.Int != 0,
        TemplateKind.Float => value.Float != 0,
        TemplateKind.String => value.Text.Length > 0,
        TemplateKind.List or TemplateKind.Tuple => value.List.Count > 0,
        TemplateKind.Dict => value.Map.Count > 0,
        TemplateKind.DictView => ((TemplateMapView)value.Reference).Map.Count > 0,
        TemplateKind.Range => ((TemplateRange)value.Reference).Count > 0,
        _ => true,
    };

    /// <summary>Refuses an undefined value, saying what was not defined.</summary>
    public static TemplateValue Defined(Run run, TemplateValue value) =>
        value.IsUndefined ? throw run.Fail(((UndefinedReason)value.Reference).Message) : value;

    /// <summary>The length as Python's <c>len()</c>; null when the value has none.</summary>
    public static int? Length(Run run, TemplateValue value)
    {
        switch (value.Kind)
        {
            case TemplateKind.Undefined:
                return 0;
            case TemplateKind.String:
                run.Scan(value.Text.Length);
                return PythonText.Length(value.Text);
            case TemplateKind.List or TemplateKind.Tuple:
                return value.List.Count;
            case TemplateKind.Dict:
                return value.Map.Count;
            case TemplateKind.DictView:
                return ((TemplateMapView)value.Reference).Map.Count;
            case TemplateKind.Range:
                return ((TemplateRange)value.Reference).Count;
            case TemplateKind.Loop:
                return ((LoopState)value.Reference).Length;
            default:
                return null;
        }
    }

    /// <summary>Whether the value can be a key: nothing that holds a list or a mapping.</summary>
    public static bool IsHashable(TemplateValue value) => value.Kind switch
    {
        TemplateKind.List or TemplateKind.Dict or TemplateKind.DictView => false,
        TemplateKind.Tuple => ((TemplateList)value.Reference).IsHashable,
        _ => true,
    };
}
