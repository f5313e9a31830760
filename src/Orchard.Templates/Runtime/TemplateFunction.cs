using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>A built-in function, such as <c>range</c>.</summary>
internal sealed class TemplateFunction(string name, Func<RenderContext, CallArguments, TemplateValue> body) : TemplateCallable(name)
{
    public override TemplateValue Invoke(RenderContext context, CallArguments arguments) => body(context, arguments);
}
