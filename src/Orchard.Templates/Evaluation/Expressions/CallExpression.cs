using Orchard.Templates.Library;
using Orchard.Templates.Operations;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A call, such as <c>a(b)</c>.</summary>
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

    protected override TemplateValue Compute(EvaluationContext context) => Invoke(context, null);

    /// <summary>Evaluates the call.</summary>
    /// <param name="context">The rendering.</param>
    /// <param name="caller">The body of a <c>call</c> block, passed as an additional argument; null for none.</param>
    public TemplateValue Invoke(EvaluationContext context, TemplateCallable? caller)
    {
        // The common case of a method call: without creating a value for the bound method.
        if (caller is null && _callee is AttributeExpression attribute)
        {
            TemplateValue receiver = attribute.Target.Evaluate(context);
            if (MethodTable.Find(receiver.Kind, attribute.Name) == MethodAccess.Allowed)
            {
                CallArguments given = _arguments.Evaluate(context);
                context.Line = Line;
                return MethodTable.Invoke(context, receiver, attribute.Name, given);
            }

            context.Line = Line;
            return Invoke(context, Attributes.Get(context, receiver, attribute.Name, TemplateUndefined.Attribute(attribute.Name)), null);
        }

        return Invoke(context, _callee.Evaluate(context), caller);
    }

    private TemplateValue Invoke(EvaluationContext context, TemplateValue callee, TemplateCallable? caller)
    {
        CallArguments arguments = _arguments.Evaluate(context);
        if (caller is not null)
        {
            arguments = arguments with { Named = [.. arguments.Named, new NamedArgument("caller", TemplateValue.From(caller))] };
        }

        context.Line = Line;
        context.RequireDefined(callee);
        TemplateValue result = callee.Kind switch
        {
            TemplateKind.Callable => ((TemplateCallable)callee.Object).Invoke(context, arguments),
            TemplateKind.Loop => ((LoopState)callee.Object).Recurse(context, arguments),
            _ => throw context.Fail($"{callee.Kind.Describe()} cannot be called"),
        };
        context.Line = Line;
        return result;
    }
}
