using Orchard.Templates.Runtime;

namespace Orchard.Templates.Values;

/// <summary>Something a template can call.</summary>
internal abstract class TemplateCallable(string name)
{
    public string Name { get; } = name;

    public abstract TemplateValue Invoke(Run run, CallArguments arguments);
}

/// <summary>A function we provide, such as <c>range</c>.</summary>
internal sealed class TemplateFunction(string name, Func<Run, CallArguments, TemplateValue> body) : TemplateCallable(name)
{
    public override TemplateValue Invoke(Run run, CallArguments arguments) => body(run, arguments);
}

/// <summary>A method together with the value it was taken from.</summary>
internal sealed class BoundMethod(TemplateValue receiver, string name) : TemplateCallable(name)
{
    public override TemplateValue Invoke(Run run, CallArguments arguments) => Library.Methods.Invoke(run, receiver, Name, arguments);
}
