using Orchard.Templates.Evaluation.Statements;

namespace Orchard.Templates.Parsing;

/// <summary>A parsed template.</summary>
/// <param name="Body">The statements of the template.</param>
/// <param name="SlotCount">The number of slots in the template's own frame.</param>
internal sealed record CompiledTemplate(Statement[] Body, int SlotCount);
