using System.Collections.Frozen;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

internal delegate bool Test(Run run, TemplateValue value, CallArguments arguments);

/// <summary>What can stand after <c>is</c>.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Test> All = new Dictionary<string, Test>(StringComparer.Ordinal)
    {
        ["odd"] = Plain("odd", (run, value) => HasRemainder(run, value, 2, 1)),
        ["even"] = Plain("even", (run, value) => HasRemainder(run, value, 2, 0)),
        ["divisibleby"] = (run, value, arguments) =>
            Remainder(run, value, arguments.Bind(run, "divisibleby", 1, "num")[0]) is { } rest && Numbers.AreEqual(rest, TemplateValue.From(0)),
        ["defined"] = Plain("defined", (_, value) => !value.IsUndefined),
        ["undefined"] = Plain("undefined", (_, value) => value.IsUndefined),
        ["filter"] = Plain("filter", (run, value) => Exists(run, value, name => Filters.Find(name) is not null)),
        ["test"] = Plain("test", (run, value) => Exists(run, value, name => Find(name) is not null)),
        ["none"] = Plain("none", (_, value) => value.IsNone),
        ["boolean"] = Plain("boolean", (_, value) => value.Kind == TemplateKind.Bool),
        ["false"] = Plain("false", (_, value) => value.Kind == TemplateKind.Bool && !value.Bool),
        ["true"] = Plain("true", (_, value) => value.Kind == TemplateKind.Bool && value.Bool),
        ["integer"] = Plain("integer", (_, value) => value.Kind == TemplateKind.Int),
        ["float"] = Plain("float", (_, value) => value.Kind == TemplateKind.Float),
        ["lower"] = Plain("lower", (run, value) => TextMethods.IsCase(Printer.Str(run, value), CaseMapping.IsLower)),
        ["upper"] = Plain("upper", (run, value) => TextMethods.IsCase(Printer.Str(run, value), CaseMapping.IsUpper)),
        ["string"] = Plain("string", (_, value) => value.IsText),
        ["mapping"] = Plain("mapping", (_, value) => value.Kind == TemplateKind.Dict),
        ["number"] = Plain("number", (_, value) => value.IsNumber),
        ["sequence"] = Plain("sequence", (_, value) => value.Kind is TemplateKind.String or TemplateKind.List or TemplateKind.Tuple
            or TemplateKind.Dict or TemplateKind.Range or TemplateKind.Undefined),
        ["iterable"] = Plain("iterable", (_, value) => ItemCursor.CanOpen(value)),
        ["callable"] = Plain("callable", (_, value) => value.Kind is TemplateKind.Callable or TemplateKind.Loop or TemplateKind.Undefined),
        ["sameas"] = (run, value, arguments) => IsSame(value, arguments.Bind(run, "sameas", 1, "other")[0]),
        ["escaped"] = Plain("escaped", (_, value) => value.IsSafeText),
        ["in"] = (run, value, arguments) => Operators.Contains(run, arguments.Bind(run, "in", 1, "seq")[0], value),
        ["=="] = Comparison(ComparisonOperator.Equal),
        ["eq"] = Comparison(ComparisonOperator.Equal),
        ["equalto"] = Comparison(ComparisonOperator.Equal),
        ["!="] = Comparison(ComparisonOperator.NotEqual),
        ["ne"] = Comparison(ComparisonOperator.NotEqual),
        [">"] = Comparison(ComparisonOperator.Greater),
        ["gt"] = Comparison(ComparisonOperator.Greater),
        ["greaterthan"] = Comparison(ComparisonOperator.Greater),
        [">="] = Comparison(ComparisonOperator.GreaterOrEqual),
        ["ge"] = Comparison(ComparisonOperator.GreaterOrEqual),
        ["<"] = Comparison(ComparisonOperator.Less),
        ["lt"] = Comparison(ComparisonOperator.Less),
        ["lessthan"] = Comparison(ComparisonOperator.Less),
        ["<="] = Comparison(ComparisonOperator.LessOrEqual),
        ["le"] = Comparison(ComparisonOperator.LessOrEqual),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Test? Find(string name) => All.GetValueOrDefault(name);

    private static Test Plain(string name, Func<Run, TemplateValue, bool> holds) => (run, value, arguments) =>
    {
        arguments.RefuseAny(run, name);
        return holds(run, value);
    };

    private static Test Comparison(ComparisonOperator operation) => (run, value, arguments) =>
        Operators.Compare(run, operation, value, arguments.Bind(run, "a comparison", 1, string.Empty)[0]);

    private static bool HasRemainder(Run run, TemplateValue value, long divisor, long expected) =>
        Remainder(run, value, TemplateValue.From(divisor)) is { } rest && Numbers.AreEqual(rest, TemplateValue.From(expected));

    private static TemplateValue? Remainder(Run run, TemplateValue value, TemplateValue divisor)
    {
        TemplateValue rest = Operators.Apply(run, BinaryOperator.Modulo, value, divisor);
        return rest.IsNumber ? rest : null;
    }

    private static bool Exists(Run run, TemplateValue name, Predicate<string> exists)
    {
        Operators.RequireHashable(run, name);
        return name.IsText && exists(name.Text);
    }

    private static bool IsSame(TemplateValue value, TemplateValue other) =>
        value.IsText && other.IsText ? value.Text == other.Text : value.IsSame(other);
}
