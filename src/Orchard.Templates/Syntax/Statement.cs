using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Syntax;

/// <summary>How a statement ends: with the next one, or by leaving the innermost loop's turn.</summary>
internal enum Flow : byte
{
    Next,
    Break,
    Continue,
}

/// <summary>Part of a compiled template that prints or assigns. Unchanged once the template is read.</summary>
internal abstract class Statement(int line)
{
    public int Line { get; } = line;

    public abstract Flow Execute(Run run);

    public static Flow ExecuteAll(Run run, Statement[] body)
    {
        foreach (Statement statement in body)
        {
            run.Step();
            run.Line = statement.Line;
            Flow flow = statement.Execute(run);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    /// <summary>Executes the body and returns what it printed, unless it left a loop.</summary>
    public static string? Capture(Run run, Statement[] body, out Flow flow)
    {
        TextBuffer outer = run.Output;
        TextBuffer own = run.RentBuffer();
        run.Output = own;
        flow = ExecuteAll(run, body);
        run.Output = outer;
        if (flow != Flow.Next)
        {
            run.ReturnBuffer(own);
            return null;
        }

        return run.TakeText(own);
    }
}

internal sealed class TextStatement(int line, string text) : Statement(line)
{
    public override Flow Execute(Run run)
    {
        run.Output.Append(text);
        return Flow.Next;
    }
}

internal sealed class PrintStatement(int line, Expression value) : Statement(line)
{
    public override Flow Execute(Run run)
    {
        TemplateValue printed = value.Evaluate(run);
        run.Line = Line;
        Printer.Print(run, printed);
        return Flow.Next;
    }
}

internal sealed class IfStatement(int line, (Expression Test, Statement[] Body)[] branches, Statement[] otherwise) : Statement(line)
{
    public override Flow Execute(Run run)
    {
        foreach ((Expression test, Statement[] body) in branches)
        {
            if (Kinds.IsTrue(test.Evaluate(run)))
            {
                return ExecuteAll(run, body);
            }
        }

        return ExecuteAll(run, otherwise);
    }
}

internal sealed class SetStatement(int line, Target target, Expression value) : Statement(line)
{
    public override Flow Execute(Run run)
    {
        target.Assign(run, value.Evaluate(run));
        return Flow.Next;
    }
}

/// <summary>A block with variables of its own: <c>with</c>, <c>generation</c>, or the <c>else</c> of a loop.</summary>
internal sealed class ScopeStatement(int line, Scope scope, (Target Target, Expression Value)[] variables, Statement[] body) : Statement(line)
{
    public override Flow Execute(Run run)
    {
        var values = new TemplateValue[variables.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = variables[i].Value.Evaluate(run);
        }

        run.Enter(scope);
        for (int i = 0; i < values.Length; i++)
        {
            variables[i].Target.Assign(run, values[i]);
        }

        return ExecuteAll(run, body);
    }
}

/// <summary><c>{% set x %}…{% endset %}</c> and <c>{% filter f %}…{% endfilter %}</c>: a block's text, filtered, then kept or printed.</summary>
internal sealed class CaptureStatement(int line, Scope scope, Target? target, FilterExpression? filter, Statement[] body) : Statement(line)
{
    public override Flow Execute(Run run)
    {
        run.Enter(scope);
        string? text = Capture(run, body, out Flow flow);
        if (text is null)
        {
            return flow;
        }

        TemplateValue value = TemplateValue.From(text);
        run.Line = Line;
        value = filter is null ? value : filter.Apply(run, value);
        if (target is null)
        {
            Printer.Print(run, value);
        }
        else
        {
            target.Assign(run, value);
        }

        return Flow.Next;
    }
}

internal sealed class LeaveStatement(int line, Flow flow) : Statement(line)
{
    public override Flow Execute(Run run) => flow;
}

/// <summary>A statement that needs other template files: there are none beside a model.</summary>
internal sealed class MissingFileStatement(int line, string tag, Expression file) : Statement(line)
{
    public override Flow Execute(Run run)
    {
        TemplateValue name = file.Evaluate(run);
        run.Line = Line;
        throw run.Fail($"'{tag}' needs the template {(name.IsText ? $"'{name.Text}'" : "file")}, and a chat template has no other files");
    }
}
