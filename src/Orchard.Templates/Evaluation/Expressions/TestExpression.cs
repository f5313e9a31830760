using Orchard.Templates.Library;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A test, such as <c>a is name(b)</c>.</summary>
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
        _test = TestTable.Find(name);
        _arguments = arguments;
        Height = Math.Max(Height, arguments.Height + 1);
    }

    protected override TemplateValue Compute(EvaluationContext context)
    {
        TemplateValue value = _target.Evaluate(context);
        CallArguments arguments = _arguments.Evaluate(context);
        context.Line = Line;
        return TemplateValue.From(_test is null ? throw context.Fail($"there is no test '{_name}'") : _test(context, value, arguments));
    }
}
