using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>A method of a string.</summary>
internal delegate TemplateValue TextMethod(RenderContext context, string text, CallArguments arguments);
