using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

internal readonly record struct NamedArgument(string Name, TemplateValue Value);
