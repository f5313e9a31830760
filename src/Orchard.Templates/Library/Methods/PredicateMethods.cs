using Orchard.Templates.Python;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>The methods of Python's <c>str</c> that test its characters.</summary>
internal static class PredicateMethods
{
    /// <summary>Returns a method that holds for a string that is not empty and whose characters all pass a test.</summary>
    public static TextMethod Each(string name, Func<string, bool> holds) =>
        Whole(name, text => text.Length > 0 && PythonText.Characters(text).All(holds));

    /// <summary>Returns a method that tests the whole string.</summary>
    public static TextMethod Whole(string name, Func<string, bool> holds) => (context, text, arguments) =>
    {
        arguments.RefuseAny(context, name);
        return TemplateValue.From(holds(text));
    };

    public static bool IsAlpha(string character) => char.IsLetter(character, 0);

    public static bool IsNumeric(string character) => char.IsNumber(character, 0);

    public static bool IsDigit(string character) =>
        char.IsDigit(character, 0) || "²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉".Contains(character, StringComparison.Ordinal);

    public static bool IsIdentifier(string text) =>
        text.Length > 0 && !char.IsDigit(text[0]) && text.All(c => c == '_' || char.IsLetterOrDigit(c));

    public static bool IsTitle(string text) => PythonText.Characters(text).Any(CaseMapping.IsCased) && CaseMapping.Title(text) == text;
}
