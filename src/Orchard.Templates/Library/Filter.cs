using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>A filter: the function behind <c>value | name(arguments)</c>.</summary>
internal delegate TemplateValue Filter(RenderContext context, TemplateValue value, CallArguments arguments);
