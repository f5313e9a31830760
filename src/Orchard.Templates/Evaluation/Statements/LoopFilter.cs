using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Library;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>The condition of a loop, as in <c>{% for x in items if test %}</c>. It has its own scope for the item.</summary>
internal sealed record LoopFilter(SlotBlock Variables, Target Target, Expression Test);
