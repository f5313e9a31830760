using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>Reads arguments that must be of a certain kind. An argument of another kind is an error that names the function.</summary>
internal static class ArgumentReader
{
    public static string ReadText(RenderContext context, TemplateValue value, string function)
    {
        context.RequireDefined(value);
        return value.IsText ? value.Text : throw context.Fail($"'{function}' needs a string, not {value.Kind.Describe()}");
    }

    public static long ReadInteger(RenderContext context, TemplateValue value, string function)
    {
        context.RequireDefined(value);
        return value.IsInteger ? value.Int : throw context.Fail($"'{function}' needs an integer, not {value.Kind.Describe()}");
    }

    /// <summary>Reads an optional integer.</summary>
    public static long ReadInteger(RenderContext context, TemplateValue value, string function, long fallback) =>
        value.IsMissing ? fallback : ReadInteger(context, value, function);
}
