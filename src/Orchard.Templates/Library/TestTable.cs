using System.Collections.Frozen;
using Orchard.Templates.Operations;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>The tests by name.</summary>
internal static class TestTable
{
    private static readonly FrozenDictionary<string, Test> All = new Dictionary<string, Test>(StringComparer.Ordinal)
    {
        ["odd"] = Plain("odd", (context, value) => HasRemainder(context, value, TemplateValue.From(2), 1)),
        ["even"] = Plain("even", (context, value) => HasRemainder(context, value, TemplateValue.From(2), 0)),
        ["divisibleby"] = (context, value, arguments) =>
            HasRemainder(context, value, arguments.Bind(context, "divisibleby", 1, "num")[0], 0),
        ["defined"] = Plain("defined", (_, value) => !value.IsUndefined),
        ["undefined"] = Plain("undefined", (_, value) => value.IsUndefined),
        ["filter"] = Plain("filter", (context, value) => Exists(context, value, context.HasFilter)),
        ["test"] = Plain("test", (context, value) => Exists(context, value, context.HasTest)),
        ["none"] = Plain("none", (_, value) => value.IsNone),
        ["boolean"] = Plain("boolean", (_, value) => value.Kind == TemplateKind.Bool),
        ["false"] = Plain("false", (_, value) => value.Kind == TemplateKind.Bool && !value.Bool),
        ["true"] = Plain("true", (_, value) => value.Kind == TemplateKind.Bool && value.Bool),
        ["integer"] = Plain("integer", (_, value) => value.Kind == TemplateKind.Int),
        ["float"] = Plain("float", (_, value) => value.Kind == TemplateKind.Float),
        ["lower"] = Plain("lower", (context, value) => CaseMapping.IsUniform(Printer.Str(context, value), CaseMapping.IsLower)),
        ["upper"] = Plain("upper", (context, value) => CaseMapping.IsUniform(Printer.Str(context, value), CaseMapping.IsUpper)),
        ["string"] = Plain("string", (_, value) => value.IsText),
        ["mapping"] = Plain("mapping", (_, value) => value.Kind == TemplateKind.Dict),
        ["number"] = Plain("number", (_, value) => value.IsNumber),
        ["sequence"] = Plain("sequence", (_, value) => value.Kind is TemplateKind.String or TemplateKind.List or TemplateKind.Tuple
            or TemplateKind.Dict or TemplateKind.Range or TemplateKind.Undefined),
        ["iterable"] = Plain("iterable", (_, value) => ItemCursor.CanOpen(value)),
        ["callable"] = Plain("callable", (_, value) => value.Kind is TemplateKind.Callable or TemplateKind.Loop or TemplateKind.Undefined),
        ["sameas"] = (context, value, arguments) => IsSame(value, arguments.Bind(context, "sameas", 1, "other")[0]),
        ["escaped"] = Plain("escaped", (_, value) => value.IsSafeText),
        ["in"] = (context, value, arguments) => Comparison.Contains(context, arguments.Bind(context, "in", 1, "seq")[0], value),
        ["=="] = Compare(ComparisonOperator.Equal),
        ["eq"] = Compare(ComparisonOperator.Equal),
        ["equalto"] = Compare(ComparisonOperator.Equal),
        ["!="] = Compare(ComparisonOperator.NotEqual),
        ["ne"] = Compare(ComparisonOperator.NotEqual),
        [">"] = Compare(ComparisonOperator.Greater),
        ["gt"] = Compare(ComparisonOperator.Greater),
        ["greaterthan"] = Compare(ComparisonOperator.Greater),
        [">="] = Compare(ComparisonOperator.GreaterOrEqual),
        ["ge"] = Compare(ComparisonOperator.GreaterOrEqual),
        ["<"] = Compare(ComparisonOperator.Less),
        ["lt"] = Compare(ComparisonOperator.Less),
        ["lessthan"] = Compare(ComparisonOperator.Less),
        ["<="] = Compare(ComparisonOperator.LessOrEqual),
        ["le"] = Compare(ComparisonOperator.LessOrEqual),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Test? Find(string name) => All.GetValueOrDefault(name);

    private static Test Plain(string name, Func<RenderContext, TemplateValue, bool> holds) => (context, value, arguments) =>
    {
        arguments.RefuseAny(context, name);
        return holds(context, value);
    };

    private static Test Compare(ComparisonOperator operation) => (context, value, arguments) =>
        Comparison.Compare(context, operation, value, arguments.Bind(context, "a comparison", 1, string.Empty)[0]);

    private static bool HasRemainder(RenderContext context, TemplateValue value, TemplateValue divisor, long expected) =>
        Remainder(context, value, divisor) is { } rest && NumberComparer.AreEqual(rest, TemplateValue.From(expected));

    private static TemplateValue? Remainder(RenderContext context, TemplateValue value, TemplateValue divisor)
    {
        TemplateValue rest = Operators.Apply(context, BinaryOperator.Modulo, value, divisor);
        return rest.IsNumber ? rest : null;
    }

    private static bool Exists(RenderContext context, TemplateValue name, Predicate<string> exists)
    {
        Comparison.RequireHashable(context, name);
        return name.IsText && exists(name.Text);
    }

    private static bool IsSame(TemplateValue value, TemplateValue other) =>
        value.IsText && other.IsText ? value.Text == other.Text : value.IsSame(other);
}
