namespace Orchard.Templates.Values;

/// <summary>An item of <c>groupby</c>: a pair whose parts can also be read as <c>grouper</c> and <c>list</c>.</summary>
internal sealed class TemplateGroup(TemplateValue grouper, TemplateValue list) : TemplateList(TemplateKind.Tuple, [grouper, list])
{
}
