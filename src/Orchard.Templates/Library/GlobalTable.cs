using System.Collections.Frozen;
using Orchard.Templates.Library.Globals;
using Orchard.Templates.Operations;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>The global functions by name: those of Jinja, and those that Hugging Face adds.</summary>
internal static class GlobalTable
{
    private static readonly FrozenDictionary<string, TemplateValue> All = new TemplateFunction[]
    {
        new("range", RangeFunction.Range),
        new("dict", MappingFunctions.Dict),
        new("namespace", MappingFunctions.Namespace),
        new("cycler", TurnFunctions.Cycler),
        new("joiner", TurnFunctions.Joiner),
        new("raise_exception", RaiseException),
        new("strftime_now", FormatNow),
    }.ToFrozenDictionary(function => function.Name, function => TemplateValue.From(function), StringComparer.Ordinal);

    public static bool TryGet(string name, out TemplateValue value) => All.TryGetValue(name, out value);

    private static TemplateValue RaiseException(RenderContext context, CallArguments arguments)
    {
        TemplateValue message = arguments.Bind(context, "raise_exception", 1, "message")[0];
        throw context.Fail($"the template raised an error: {Printer.Str(context, message)}");
    }

    private static TemplateValue FormatNow(RenderContext context, CallArguments arguments) =>
        TemplateValue.From(StrfTime.Format(context, arguments.Bind(context, "strftime_now", 1, "format")[0]));
}
