using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>A test: the function behind <c>value is name(arguments)</c>.</summary>
internal delegate bool Test(RenderContext context, TemplateValue value, CallArguments arguments);
