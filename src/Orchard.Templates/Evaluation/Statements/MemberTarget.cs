using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary>A member of a namespace, such as <c>ns.a</c>.</summary>
internal sealed class MemberTarget(int line, NameExpression space, string member) : Target
{
    public override void Assign(EvaluationContext context, TemplateValue value)
    {
        TemplateValue target = space.Evaluate(context);
        context.Line = line;
        if (target.Kind != TemplateKind.Namespace)
        {
            throw context.Fail($"'{member}' can be set only on a namespace, not on {target.Kind.Describe()}");
        }

        var members = ((TemplateNamespace)target.Object).Members;
        context.AllocateItems(members.ContainsKey(member) ? 0 : 4);
        members[member] = value;
    }
}
