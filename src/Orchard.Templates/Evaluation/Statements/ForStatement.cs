using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Library;
using Orchard.Templates.Limits;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Statements;

/// <summary><c>{% for … %}</c></summary>
internal sealed class ForStatement(int line) : Statement(line)
{
    public required Expression Items { get; init; }

    public required Target Target { get; init; }

    public required LoopFilter? Filter { get; init; }

    /// <summary>The variables of one iteration.</summary>
    public required SlotBlock Variables { get; init; }

    /// <summary>The frame that contains the variables.</summary>
    public required FrameLayout Layout { get; init; }

    /// <summary>The variable <c>loop</c>; null when the body does not use it.</summary>
    public required Variable? Loop { get; init; }

    public required Statement[] Body { get; init; }

    /// <summary>The <c>else</c> block; null when there is none.</summary>
    public required Statement? Else { get; init; }

    public required bool IsRecursive { get; init; }

    public override Flow Execute(EvaluationContext context)
    {
        TemplateValue items = Items.Evaluate(context);
        context.Line = Line;
        if (!IsRecursive)
        {
            return Iterate(context, items, 0);
        }

        IterateInOwnFrame(context, items, 0);
        return Flow.Next;
    }

    private void IterateInOwnFrame(EvaluationContext context, TemplateValue items, int depth)
    {
        context.EnterCall();
        Frame caller = context.Frame;
        context.Frame = new Frame(Layout.SlotCount, caller);
        Iterate(context, items, depth);
        context.Frame = caller;
        context.LeaveCall();
    }

    private Flow Iterate(EvaluationContext context, TemplateValue items, int depth)
    {
        ItemCursor cursor = ItemCursor.Open(context, items);
        cursor = Filter is null ? cursor : new ItemCursor(context, Filtered(context, cursor, context.Frame));
        LoopState? loop = Loop is null ? null : NewLoopState(context, cursor, depth);

        // As in Jinja, "else" applies when no iteration ran to its end.
        bool completed = false;
        for (int i = 0; cursor.TryGet(i, out TemplateValue item); i++)
        {
            context.EnterScope(Variables);
            if (loop is not null)
            {
                loop.Index = i;
                Loop!.Value.Set(context.Frame, TemplateValue.From(loop));
            }

            Target.Assign(context, item);
            Flow flow = ExecuteAll(context, Body);
            if (flow == Flow.Break)
            {
                break;
            }

            completed |= flow == Flow.Next;
        }

        return completed || Else is null ? Flow.Next : Else.Execute(context);
    }

    private LoopState NewLoopState(EvaluationContext context, ItemCursor cursor, int depth) =>
        new(cursor, depth, IsRecursive ? (items, level) => Recurse(context, items, level) : null);

    private IEnumerator<TemplateValue> Filtered(EvaluationContext context, ItemCursor items, Frame frame)
    {
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            // The body may read the next item from within a function that it calls, which has another frame.
            Frame current = context.Frame;
            context.Frame = frame;
            context.EnterScope(Filter!.Variables);
            Filter.Target.Assign(context, item);
            bool passes = Filter.Test.Evaluate(context).IsTrue;
            context.Frame = current;
            if (passes)
            {
                yield return item;
            }
        }
    }

    private TemplateValue Recurse(EvaluationContext context, TemplateValue items, int depth)
    {
        TextBuffer outer = context.Output;
        TextBuffer own = context.RentBuffer();
        context.Output = own;
        IterateInOwnFrame(context, items, depth);
        context.Output = outer;
        return TemplateValue.From(context.TakeText(own));
    }
}
