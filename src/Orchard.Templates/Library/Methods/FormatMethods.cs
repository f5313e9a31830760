using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>The methods of Python's <c>str</c> that format values.</summary>
internal static class FormatMethods
{
    public static TemplateValue Format(RenderContext context, string text, CallArguments arguments) =>
        BraceFormat.Apply(context, text, arguments);

    public static TemplateValue FormatMap(RenderContext context, string text, CallArguments arguments)
    {
        TemplateValue map = arguments.Bind(context, "format_map", 1, string.Empty)[0];
        if (map.Kind != TemplateKind.Dict)
        {
            throw context.Fail("'format_map' needs a mapping");
        }

        NamedArgument[] named = [.. map.Map.Keys.Zip(map.Map.Values).Where(pair => pair.First.IsText)
            .Select(pair => new NamedArgument(pair.First.Text, pair.Second))];
        return BraceFormat.Apply(context, text, new CallArguments([], named));
    }
}
