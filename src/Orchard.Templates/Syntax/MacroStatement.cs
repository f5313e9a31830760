using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Syntax;

/// <summary>What <c>{% macro %}</c> and the body of <c>{% call %}</c> declare.</summary>
internal sealed class MacroDefinition
{
    public required string Name { get; init; }

    /// <summary>Whether it is the body of a <c>call</c> block.</summary>
    public required bool IsCaller { get; init; }

    public required Scope Scope { get; init; }

    public required (string Name, Variable Variable, Expression? Default)[] Parameters { get; init; }

    /// <summary>Where <c>caller</c>, <c>varargs</c> and <c>kwargs</c> are kept; null when the body does not use them.</summary>
    public required Variable? Caller { get; init; }

    public required Variable? VarArgs { get; init; }

    public required Variable? KwArgs { get; init; }

    /// <summary>Set once, when the body is read.</summary>
    public Statement[] Body { get; set; } = [];

    public bool HasCallerParameter => Parameters.Any(parameter => parameter.Name == "caller");
}

internal sealed class MacroStatement(int line, MacroDefinition definition, Target target) : Statement(line)
{
    public override Flow Execute(Run run)
    {
        target.Assign(run, TemplateValue.From(new TemplateMacro(definition, run.Frame)));
        return Flow.Next;
    }
}

internal sealed class CallStatement(int line, CallExpression call, MacroDefinition caller) : Statement(line)
{
    public override Flow Execute(Run run)
    {
        TemplateValue printed = call.Invoke(run, new TemplateMacro(caller, run.Frame));
        run.Line = Line;
        Printer.Print(run, printed);
        return Flow.Next;
    }
}
