using Orchard.Templates.Values;

namespace Orchard.Formatting.Forms;

/// <summary>Renders a template with messages and variables; returns null if the template rejects them.</summary>
internal delegate string? RenderTemplate(TemplateValue messages, IReadOnlyList<(string Name, TemplateValue Value)> variables);
