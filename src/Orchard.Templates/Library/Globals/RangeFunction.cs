using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Globals;

/// <summary>The function <c>range</c>.</summary>
internal static class RangeFunction
{
    // The limit of Jinja's sandbox.
    private const int MaxRange = 100_000;

    public static TemplateValue Range(RenderContext context, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "range", 1, string.Empty, string.Empty, string.Empty);
        foreach (TemplateValue value in given)
        {
            if (!value.IsMissing && !context.RequireDefined(value).IsInteger)
            {
                throw context.Fail($"'range' needs integers, not {value.Kind.Describe()}");
            }
        }

        long start = given[1].IsMissing ? 0 : given[0].Int;
        long stop = given[1].IsMissing ? given[0].Int : given[1].Int;
        long step = given[2].IsMissing ? 1 : given[2].Int;
        if (step == 0)
        {
            throw context.Fail("the step of 'range' is zero");
        }

        Int128 span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        Int128 size = Int128.Abs(step);
        Int128 count = span <= 0 ? 0 : (span + size - 1) / size;
        if (count > MaxRange)
        {
            throw context.Fail($"'range' has more than {MaxRange} items");
        }

        return TemplateValue.From(new TemplateRange(start, stop, step, (int)count));
    }
}
