namespace Orchard.Templates.Values;

/// <summary>The only value that a template can change: <c>namespace()</c> creates it and <c>set ns.name = …</c> changes it.</summary>
internal sealed class TemplateNamespace() : TemplateObject(TemplateKind.Namespace)
{
    public Dictionary<string, TemplateValue> Members { get; } = new(StringComparer.Ordinal);
}
