using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Operations;

/// <summary>A method together with its receiver.</summary>
internal sealed class BoundMethod(TemplateValue receiver, string name) : TemplateCallable(name)
{
    public override TemplateValue Invoke(RenderContext context, CallArguments arguments) =>
        context.InvokeMethod(receiver, Name, arguments);
}
