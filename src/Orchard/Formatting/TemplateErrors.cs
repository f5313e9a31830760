using Orchard.Templates.Limits;

namespace Orchard.Formatting;

/// <summary>The public form of the template interpreter's errors.</summary>
internal static class TemplateErrors
{
    /// <summary>Returns the exception that callers of the client receive: same message, same line.</summary>
    public static ChatTemplateException ToPublic(TemplateException error) => new(error.Message, error.Line, error);
}
