using Orchard.Templates.Library;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A filter, such as <c>a | name(b)</c>.</summary>
internal sealed class FilterExpression : Expression
{
    private readonly Expression? _target;
    private readonly string _name;
    private readonly Filter? _filter;
    private readonly ArgumentList _arguments;

    /// <param name="line">The line of the filter.</param>
    /// <param name="target">The expression to filter; null for the text of a block.</param>
    /// <param name="name">The name of the filter. An unknown filter is an error when it is evaluated.</param>
    /// <param name="arguments">The arguments of the filter.</param>
    public FilterExpression(int line, Expression? target, string name, ArgumentList arguments)
        : base(line, target)
    {
        _target = target;
        _name = name;
        _filter = FilterTable.Find(name);
        _arguments = arguments;
        Height = Math.Max(Height, arguments.Height + 1);
    }

    /// <summary>Evaluates the filter, and the filters it is applied to.</summary>
    public TemplateValue Apply(EvaluationContext context, TemplateValue blockText)
    {
        TemplateValue value = _target switch
        {
            null => blockText,
            FilterExpression inner => inner.Apply(context, blockText),
            _ => _target.Evaluate(context),
        };
        CallArguments arguments = _arguments.Evaluate(context);
        context.Line = Line;
        context.Step();
        return _filter is null ? throw context.Fail($"there is no filter '{_name}'") : _filter(context, value, arguments);
    }

    protected override TemplateValue Compute(EvaluationContext context) => Apply(context, default);
}
