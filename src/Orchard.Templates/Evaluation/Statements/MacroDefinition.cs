using Orchard.Templates.Evaluation.Expressions;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>The function that <c>{% macro %}</c> or the body of <c>{% call %}</c> declares.</summary>
internal sealed class MacroDefinition
{
    public required string Name { get; init; }

    /// <summary>Whether it is the body of a <c>call</c> block.</summary>
    public required bool IsCaller { get; init; }

    public required FrameLayout Layout { get; init; }

    public required (string Name, Variable Variable, Expression? Default)[] Parameters { get; init; }

    /// <summary>The variable <c>caller</c>; null when the body does not use it.</summary>
    public required Variable? Caller { get; init; }

    /// <summary>The variable <c>varargs</c>; null when the body does not use it.</summary>
    public required Variable? VarArgs { get; init; }

    /// <summary>The variable <c>kwargs</c>; null when the body does not use it.</summary>
    public required Variable? KwArgs { get; init; }

    public required Statement[] Body { get; init; }

    public bool HasCallerParameter => Parameters.Any(parameter => parameter.Name == "caller");
}
