using Orchard.Templates.Limits;

namespace Orchard.Templates.Operations;

/// <summary>Errors of operations on numbers.</summary>
internal static class NumberErrors
{
    public static TemplateException DividedByZero(RenderBudget budget) => budget.Fail("a number is divided by zero");

    public static TemplateException TooLarge(RenderBudget budget) => budget.Fail("a number does not fit in 64 bits");
}
