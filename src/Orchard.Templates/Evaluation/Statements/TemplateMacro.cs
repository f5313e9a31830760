using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Limits;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>A macro as a value.</summary>
/// <param name="evaluation">The rendering that the macro belongs to.</param>
/// <param name="definition">The definition of the macro.</param>
/// <param name="around">The frame that surrounds the definition.</param>
internal sealed class TemplateMacro(EvaluationContext evaluation, MacroDefinition definition, Frame around)
    : TemplateCallable(definition.Name)
{
    private static readonly TemplateValue NoCaller = TemplateValue.From(new TemplateUndefined("no caller is defined"));

    public override string? Repr => definition.IsCaller ? "<Macro anonymous>" : $"<Macro '{Name}'>";

    public override TemplateValue Invoke(RenderContext context, CallArguments arguments)
    {
        evaluation.EnterCall();
        evaluation.Allocate(definition.Layout.SlotCount);
        Frame outerFrame = evaluation.Frame;
        TextBuffer outerOutput = evaluation.Output;
        int line = evaluation.Line;
        evaluation.Frame = new Frame(definition.Layout.SlotCount, around);
        Bind(arguments);
        evaluation.Output = evaluation.RentBuffer();
        Statement.ExecuteAll(evaluation, definition.Body);
        string text = evaluation.TakeText(evaluation.Output);
        evaluation.Output = outerOutput;
        evaluation.Frame = outerFrame;
        evaluation.Line = line;
        evaluation.LeaveCall();
        return TemplateValue.From(text);
    }

    public override TemplateValue GetAttribute(string name) => name switch
    {
        "name" => definition.IsCaller ? TemplateValue.None : TemplateValue.From(Name),
        "arguments" => TemplateValue.From(new TemplateList([.. definition.Parameters.Select(p => TemplateValue.From(p.Name))])),
        "catch_kwargs" => TemplateValue.From(definition.KwArgs is not null),
        "catch_varargs" => TemplateValue.From(definition.VarArgs is not null),
        "caller" => TemplateValue.From(definition.Caller is not null),
        _ => TemplateValue.Missing,
    };

    private void Bind(CallArguments arguments)
    {
        var parameters = definition.Parameters;
        var unused = new List<NamedArgument>(arguments.Named);
        int given = Math.Min(arguments.Positional.Length, parameters.Length);
        for (int i = 0; i < given; i++)
        {
            parameters[i].Variable.Set(evaluation.Frame, arguments.Positional[i]);
        }

        for (int i = given; i < parameters.Length; i++)
        {
            int at = unused.FindIndex(argument => argument.Name == parameters[i].Name);
            if (at >= 0)
            {
                parameters[i].Variable.Set(evaluation.Frame, unused[at].Value);
                unused.RemoveAt(at);
            }
        }

        if (definition.Caller is { } caller && !definition.HasCallerParameter)
        {
            int at = unused.FindIndex(argument => argument.Name == "caller");
            caller.Set(evaluation.Frame, at >= 0 ? unused[at].Value : NoCaller);
            if (at >= 0)
            {
                unused.RemoveAt(at);
            }
        }

        if (definition.KwArgs is { } kwargs)
        {
            evaluation.AllocateItems(unused.Count * 4);
            var map = new TemplateMapBuilder(evaluation.Comparer);
            foreach (NamedArgument argument in unused)
            {
                map.Set(TemplateValue.From(argument.Name), argument.Value);
            }

            kwargs.Set(evaluation.Frame, TemplateValue.From(evaluation.Checked(map.Build())));
        }
        else if (unused.Count > 0)
        {
            throw evaluation.Fail($"the macro '{Name}' has no argument '{unused[0].Name}'");
        }

        if (definition.VarArgs is { } varargs)
        {
            varargs.Set(evaluation.Frame, evaluation.Tuple(arguments.Positional[given..]));
        }
        else if (arguments.Positional.Length > parameters.Length)
        {
            throw evaluation.Fail($"the macro '{Name}' takes at most {parameters.Length} arguments, not {arguments.Positional.Length}");
        }

        // In order: a default may use the parameters before it.
        foreach ((string name, Variable variable, Expression? fallback) in parameters)
        {
            if (variable.Get(evaluation.Frame).IsMissing)
            {
                variable.Set(evaluation.Frame, fallback?.Evaluate(evaluation) ?? NotGiven(name));
            }
        }
    }

    private TemplateValue NotGiven(string parameter) =>
        TemplateValue.From(new TemplateUndefined($"the argument '{parameter}' of '{Name}' was not given"));
}
