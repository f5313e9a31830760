using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Syntax;

/// <summary>What a <c>set</c> or a loop assigns to.</summary>
internal abstract class Target
{
    public abstract void Assign(Run run, TemplateValue value);
}

internal sealed class VariableTarget(Variable variable) : Target
{
    public override void Assign(Run run, TemplateValue value) => variable.Set(run, value);
}

internal sealed class TupleTarget(int line, Target[] parts) : Target
{
    public override void Assign(Run run, TemplateValue value)
    {
        ItemCursor items = ItemCursor.Open(run, value);
        run.Line = line;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].Assign(run, items.TryGet(i, out TemplateValue item) ? item : throw run.Fail($"{parts.Length} names, but {i} values"));
        }

        if (items.TryGet(parts.Length, out _))
        {
            throw run.Fail($"{parts.Length} names, but more values");
        }
    }
}

internal sealed class MemberTarget(int line, NameExpression space, string member) : Target
{
    public override void Assign(Run run, TemplateValue value)
    {
        TemplateValue target = space.Evaluate(run);
        run.Line = line;
        if (target.Kind != TemplateKind.Namespace)
        {
            throw run.Fail($"'{member}' can be set only on a namespace, not on {Kinds.Describe(target)}");
        }

        var members = ((TemplateNamespace)target.Reference).Members;
        run.AllocateItems(members.ContainsKey(member) ? 0 : 4);
        members[member] = value;
    }
}
