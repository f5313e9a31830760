using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>A value that a template can call.</summary>
internal abstract class TemplateCallable(string name) : TemplateObject(TemplateKind.Callable)
{
    public string Name { get; } = name;

    /// <summary>The text that <c>repr()</c> returns; null when printing the value is an error.</summary>
    public virtual string? Repr => null;

    public abstract TemplateValue Invoke(RenderContext context, CallArguments arguments);

    /// <summary>Returns an attribute; <see cref="TemplateValue.Missing"/> when there is none of that name.</summary>
    public virtual TemplateValue GetAttribute(string name) => TemplateValue.Missing;
}
