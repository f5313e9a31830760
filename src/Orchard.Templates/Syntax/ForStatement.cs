using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Syntax;

/// <summary>The condition after a loop's <c>if</c>, with its own variables for the item.</summary>
internal sealed record LoopFilter(Scope Scope, Target Target, Expression Test);

/// <summary><c>{% for … %}</c>.</summary>
internal sealed class ForStatement(int line) : Statement(line)
{
    public required Expression Items { get; init; }

    public required Target Target { get; init; }

    public required LoopFilter? Filter { get; init; }

    /// <summary>The variables of one turn.</summary>
    public required Scope Scope { get; init; }

    /// <summary>Where <c>loop</c> is kept; null when the body does not use it.</summary>
    public required Variable? Loop { get; init; }

    public required Statement[] Body { get; init; }

    /// <summary>Null when there is no <c>else</c>.</summary>
    public required Statement? Else { get; init; }

    public required bool IsRecursive { get; init; }

    public override Flow Execute(Run run)
    {
        TemplateValue items = Items.Evaluate(run);
        run.Line = Line;
        if (!IsRecursive)
        {
            return Turn(run, items, 0);
        }

        InOwnFrame(run, items, 0);
        return Flow.Next;
    }

    private void InOwnFrame(Run run, TemplateValue items, int depth)
    {
        run.Enter();
        Frame caller = run.Frame;
        run.Frame = new Frame(Scope.Function.SlotCount, caller);
        Turn(run, items, depth);
        run.Frame = caller;
        run.Leave();
    }

    private Flow Turn(Run run, TemplateValue items, int depth)
    {
        ItemCursor cursor = Filter is null ? ItemCursor.Open(run, items) : new ItemCursor(run, Filtered(run, ItemCursor.Open(run, items), run.Frame));
        LoopState? loop = Loop is null ? null : new LoopState(cursor, depth, IsRecursive ? Recurse : null);

        // As in Jinja, "else" is for a loop none of whose turns came to its end.
        bool completed = false;
        for (int i = 0; cursor.TryGet(i, out TemplateValue item); i++)
        {
            run.Enter(Scope);
            if (loop is not null)
            {
                loop.Index = i;
                Loop!.Value.Set(run, TemplateValue.From(loop));
            }

            Target.Assign(run, item);
            Flow flow = ExecuteAll(run, Body);
            if (flow == Flow.Break)
            {
                break;
            }

            completed |= flow == Flow.Next;
        }

        return completed || Else is null ? Flow.Next : Else.Execute(run);
    }

    private IEnumerator<TemplateValue> Filtered(Run run, ItemCursor items, Frame frame)
    {
        for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
        {
            // The next item may be asked for from within a function the body calls.
            Frame current = run.Frame;
            run.Frame = frame;
            run.Enter(Filter!.Scope);
            Filter.Target.Assign(run, item);
            bool passes = Kinds.IsTrue(Filter.Test.Evaluate(run));
            run.Frame = current;
            if (passes)
            {
                yield return item;
            }
        }
    }

    private TemplateValue Recurse(Run run, TemplateValue items, int depth)
    {
        TextBuffer outer = run.Output;
        TextBuffer own = run.RentBuffer();
        run.Output = own;
        InOwnFrame(run, items, depth);
        run.Output = outer;
        return TemplateValue.From(run.TakeText(own));
    }
}
