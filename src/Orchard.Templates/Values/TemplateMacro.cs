using Orchard.Templates.Runtime;
using Orchard.Templates.Syntax;

namespace Orchard.Templates.Values;

/// <summary>A macro together with the variables around it.</summary>
internal sealed class TemplateMacro(MacroDefinition definition, Frame around) : TemplateCallable(definition.Name)
{
    private static readonly TemplateValue NoCaller = TemplateValue.Undefined(new UndefinedReason("no caller is defined"));

    /// <summary>The body of a <c>call</c> block, which has no name.</summary>
    public bool IsCaller => definition.IsCaller;

    public override TemplateValue Invoke(Run run, CallArguments arguments)
    {
        run.Enter();
        run.Allocate(definition.Scope.Function.SlotCount);
        Frame outerFrame = run.Frame;
        TextBuffer outerOutput = run.Output;
        int line = run.Line;
        run.Frame = new Frame(definition.Scope.Function.SlotCount, around);
        Bind(run, arguments);
        run.Output = run.RentBuffer();
        Statement.ExecuteAll(run, definition.Body);
        string text = run.TakeText(run.Output);
        run.Output = outerOutput;
        run.Frame = outerFrame;
        run.Line = line;
        run.Leave();
        return TemplateValue.From(text);
    }

    public TemplateValue Get(string name) => name switch
    {
        "name" => IsCaller ? TemplateValue.None : TemplateValue.From(Name),
        "arguments" => TemplateValue.FromList(new TemplateList([.. definition.Parameters.Select(p => TemplateValue.From(p.Name))])),
        "catch_kwargs" => TemplateValue.From(definition.KwArgs is not null),
        "catch_varargs" => TemplateValue.From(definition.VarArgs is not null),
        "caller" => TemplateValue.From(definition.Caller is not null),
        _ => TemplateValue.Missing,
    };

    private void Bind(Run run, CallArguments arguments)
    {
        var parameters = definition.Parameters;
        var unused = new List<NamedArgument>(arguments.Named);
        int given = Math.Min(arguments.Positional.Length, parameters.Length);
        for (int i = 0; i < given; i++)
        {
            parameters[i].Variable.Set(run, arguments.Positional[i]);
        }

        for (int i = given; i < parameters.Length; i++)
        {
            int at = unused.FindIndex(argument => argument.Name == parameters[i].Name);
            if (at >= 0)
            {
                parameters[i].Variable.Set(run, unused[at].Value);
                unused.RemoveAt(at);
            }
        }

        if (definition.Caller is { } caller && !definition.HasCallerParameter)
        {
            int at = unused.FindIndex(argument => argument.Name == "caller");
            caller.Set(run, at >= 0 ? unused[at].Value : NoCaller);
            if (at >= 0)
            {
                unused.RemoveAt(at);
            }
        }

        if (definition.KwArgs is { } kwargs)
        {
            run.AllocateItems(unused.Count * 4);
            var map = new TemplateMapBuilder(run.Comparer);
            foreach (NamedArgument argument in unused)
            {
                map.Set(TemplateValue.From(argument.Name), argument.Value);
            }

            kwargs.Set(run, TemplateValue.From(run.Checked(map.Build())));
        }
        else if (unused.Count > 0)
        {
            throw run.Fail($"the macro '{Name}' has no argument '{unused[0].Name}'");
        }

        if (definition.VarArgs is { } varargs)
        {
            varargs.Set(run, run.Tuple(arguments.Positional[given..]));
        }
        else if (arguments.Positional.Length > parameters.Length)
        {
            throw run.Fail($"the macro '{Name}' takes at most {parameters.Length} arguments, not {arguments.Positional.Length}");
        }

        // In order: a default may use the parameters before it.
        foreach ((string name, Variable variable, Expression? fallback) in parameters)
        {
            if (variable.Get(run).IsMissing)
            {
                variable.Set(
                    run,
                    fallback?.Evaluate(run) ?? TemplateValue.Undefined(new UndefinedReason($"the argument '{name}' of '{Name}' was not given")));
            }
        }
    }
}
