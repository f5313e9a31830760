using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>The argument expressions of a call, a filter or a test.</summary>
internal sealed class ArgumentList(
    Expression[] positional, (string Name, Expression Value)[] named, Expression? morePositional, Expression? moreNamed)
{
    public static ArgumentList Empty { get; } = new([], [], null, null);

    public int Height { get; } = positional.Concat(named.Select(argument => argument.Value)).Append(morePositional).Append(moreNamed)
        .Max(argument => argument?.Height ?? 0);

    public CallArguments Evaluate(EvaluationContext context)
    {
        if (ReferenceEquals(this, Empty))
        {
            return CallArguments.None;
        }

        var values = new TemplateValue[positional.Length];
        for (int i = 0; i < positional.Length; i++)
        {
            values[i] = positional[i].Evaluate(context);
        }

        NamedArgument[] names = named.Length == 0 ? [] : new NamedArgument[named.Length];
        for (int i = 0; i < named.Length; i++)
        {
            names[i] = new NamedArgument(named[i].Name, named[i].Value.Evaluate(context));
        }

        if (morePositional is not null)
        {
            values = [.. values, .. ItemCursor.Open(context, morePositional.Evaluate(context)).ToArray()];
        }

        return new CallArguments(values, moreNamed is null ? names : Join(context, names, moreNamed.Evaluate(context)));
    }

    private static NamedArgument[] Join(EvaluationContext context, NamedArgument[] names, TemplateValue more)
    {
        if (more.Kind != TemplateKind.Dict)
        {
            throw context.Fail($"'**' needs a mapping, not {more.Kind.Describe()}");
        }

        var all = new List<NamedArgument>(names);
        for (int i = 0; i < more.Map.Count; i++)
        {
            TemplateValue key = more.Map.Keys[i];
            if (!key.IsText || names.Any(name => name.Name == key.Text))
            {
                throw context.Fail("the mapping after '**' needs strings as keys, none of them given twice");
            }

            all.Add(new NamedArgument(key.Text, more.Map.Values[i]));
        }

        return [.. all];
    }
}
