using Orchard.Templates.Library;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Syntax;

/// <summary>The arguments written in a call, a filter or a test.</summary>
internal sealed class ArgumentList(
    Expression[] positional, (string Name, Expression Value)[] named, Expression? morePositional, Expression? moreNamed)
{
    public static ArgumentList Empty { get; } = new([], [], null, null);

    public int Height { get; } = positional.Concat(named.Select(argument => argument.Value)).Append(morePositional).Append(moreNamed)
        .Max(argument => argument?.Height ?? 0);

    public CallArguments Evaluate(Run run)
    {
        if (ReferenceEquals(this, Empty))
        {
            return CallArguments.None;
        }

        var values = new TemplateValue[positional.Length];
        for (int i = 0; i < positional.Length; i++)
        {
            values[i] = positional[i].Evaluate(run);
        }

        NamedArgument[] names = named.Length == 0 ? [] : new NamedArgument[named.Length];
        for (int i = 0; i < named.Length; i++)
        {
            names[i] = new NamedArgument(named[i].Name, named[i].Value.Evaluate(run));
        }

        if (morePositional is not null)
        {
            values = [.. values, .. ItemCursor.Open(run, morePositional.Evaluate(run)).ToArray()];
        }

        return new CallArguments(values, moreNamed is null ? names : Join(run, names, moreNamed.Evaluate(run)));
    }

    private static NamedArgument[] Join(Run run, NamedArgument[] names, TemplateValue more)
    {
        if (more.Kind != TemplateKind.Dict)
        {
            throw run.Fail($"'**' needs a mapping, not {Kinds.Describe(more)}");
        }

        var all = new List<NamedArgument>(names);
        for (int i = 0; i < more.Map.Count; i++)
        {
            TemplateValue key = more.Map.Keys[i];
            if (!key.IsText || names.Any(name => name.Name == key.Text))
            {
                throw run.Fail("'**' needs names as keys, each given once");
            }

            all.Add(new NamedArgument(key.Text, more.Map.Values[i]));
        }

        return [.. all];
    }
}

internal sealed class CallExpression : Expression
{
    private readonly Expression _callee;
    private readonly ArgumentList _arguments;

    public CallExpression(int line, Expression callee, ArgumentList arguments)
        : base(line, callee)
    {
        _callee = callee;
        _arguments = arguments;
        Height = Math.Max(Height, arguments.Height + 1);
    }

    protected override TemplateValue Compute(Run run) => Invoke(run, null);

    /// <param name="run">The rendering.</param>
    /// <param name="caller">What a <c>call</c> block passes to the macro besides.</param>
    public TemplateValue Invoke(Run run, TemplateMacro? caller)
    {
        // A method is called without making a value of it first.
        if (caller is null && _callee is AttributeExpression attribute)
        {
            TemplateValue receiver = attribute.Target.Evaluate(run);
            if (Methods.Find(receiver.Kind, attribute.Name) == MethodAccess.Allowed)
            {
                CallArguments given = _arguments.Evaluate(run);
                run.Line = Line;
                return Methods.Invoke(run, receiver, attribute.Name, given);
            }

            run.Line = Line;
            return Invoke(run, Attributes.Get(run, receiver, attribute.Name, UndefinedReason.Attribute(attribute.Name)), null);
        }

        return Invoke(run, _callee.Evaluate(run), caller);
    }

    private TemplateValue Invoke(Run run, TemplateValue callee, TemplateMacro? caller)
    {
        CallArguments arguments = _arguments.Evaluate(run);
        if (caller is not null)
        {
            arguments = arguments with { Named = [.. arguments.Named, new NamedArgument("caller", TemplateValue.From(caller))] };
        }

        run.Line = Line;
        Kinds.Defined(run, callee);
        TemplateValue result = callee.Kind switch
        {
            TemplateKind.Callable => ((TemplateCallable)callee.Reference).Invoke(run, arguments),
            TemplateKind.Loop => ((LoopState)callee.Reference).Recurse(run, arguments),
            _ => throw run.Fail($"{Kinds.Describe(callee)} cannot be called"),
        };
        run.Line = Line;
        return result;
    }
}

internal sealed class FilterExpression : Expression
{
    private readonly Expression? _target;
    private readonly string _name;
    private readonly Filter? _filter;
    private readonly ArgumentList _arguments;

    /// <param name="line">Its line.</param>
    /// <param name="target">What is filtered; null for the text of a block.</param>
    /// <param name="name">The filter; one that does not exist fails when it is reached.</param>
    /// <param name="arguments">What stands in parentheses.</param>
    public FilterExpression(int line, Expression? target, string name, ArgumentList arguments)
        : base(line, target)
    {
        _target = target;
        _name = name;
        _filter = Filters.Find(name);
        _arguments = arguments;
        Height = Math.Max(Height, arguments.Height + 1);
    }

    public TemplateValue Apply(Run run, TemplateValue blockText)
    {
        TemplateValue value = _target switch
        {
            null => blockText,
            FilterExpression inner => inner.Apply(run, blockText),
            _ => _target.Evaluate(run),
        };
        CallArguments arguments = _arguments.Evaluate(run);
        run.Line = Line;
        run.Step();
        return _filter is null ? throw run.Fail($"there is no filter '{_name}'") : _filter(run, value, arguments);
    }

    protected override TemplateValue Compute(Run run) => Apply(run, default);
}

internal sealed class TestExpression : Expression
{
    private readonly Expression _target;
    private readonly string _name;
    private readonly Test? _test;
    private readonly ArgumentList _arguments;

    public TestExpression(int line, Expression target, string name, ArgumentList arguments)
        : base(line, target)
    {
        _target = target;
        _name = name;
        _test = Tests.Find(name);
        _arguments = arguments;
        Height = Math.Max(Height, arguments.Height + 1);
    }

    protected override TemplateValue Compute(Run run)
    {
        TemplateValue value = _target.Evaluate(run);
        CallArguments arguments = _arguments.Evaluate(run);
        run.Line = Line;
        return TemplateValue.From(_test is null ? throw run.Fail($"there is no test '{_name}'") : _test(run, value, arguments));
    }
}
