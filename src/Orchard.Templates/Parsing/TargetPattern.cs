using Orchard.Templates.Evaluation;
using Orchard.Templates.Evaluation.Statements;

namespace Orchard.Templates.Parsing;

/// <summary>The names of an assignment or a loop, before their scope is known.</summary>
/// <param name="Line">The line of the pattern.</param>
/// <param name="Name">The name; null for a tuple.</param>
/// <param name="Parts">The parts of a tuple.</param>
internal sealed record TargetPattern(int Line, string? Name, TargetPattern[] Parts)
{
    /// <summary>Returns the target.</summary>
    /// <param name="declare">Returns the variable of a name at a line.</param>
    public Target Bind(Func<int, string, Variable> declare) => Name is not null
        ? new VariableTarget(declare(Line, Name))
        : new TupleTarget(Line, [.. Parts.Select(part => part.Bind(declare))]);
}
