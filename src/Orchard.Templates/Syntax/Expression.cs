using Orchard.Templates.Library;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Syntax;

/// <summary>Part of a compiled template that has a value. Unchanged once the template is read.</summary>
internal abstract class Expression
{
    protected Expression(int line, params ReadOnlySpan<Expression?> parts)
    {
        Line = line;
        foreach (Expression? part in parts)
        {
            Height = Math.Max(Height, part?.Height ?? 0);
        }

        Height++;
    }

    public int Line { get; }

    /// <summary>How deep evaluating it goes.</summary>
    public int Height { get; protected init; }

    public TemplateValue Evaluate(Run run)
    {
        run.Step();
        return Compute(run);
    }

    protected abstract TemplateValue Compute(Run run);

    protected static int HeightAround(IEnumerable<Expression> parts) => parts.Select(part => part.Height).DefaultIfEmpty().Max() + 1;

    protected static TemplateValue[] EvaluateAll(Run run, Expression[] parts)
    {
        if (parts.Length == 0)
        {
            return [];
        }

        var values = new TemplateValue[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            values[i] = parts[i].Evaluate(run);
        }

        return values;
    }
}

internal sealed class Constant(int line, TemplateValue value) : Expression(line)
{
    public TemplateValue Value { get; } = value;

    protected override TemplateValue Compute(Run run) => Value;
}

internal sealed class NameExpression(int line, string name) : Expression(line)
{
    private readonly TemplateValue _undefined = TemplateValue.Undefined(UndefinedReason.Variable(name));
    private Binding[] _bindings = [];
    private bool _looksOutside;

    /// <summary>Called once, when every scope of the template is known.</summary>
    public void Bind(Scope scope)
    {
        _bindings = [.. scope.Resolve(name)];
        _looksOutside = _bindings.Length == 0 || !_bindings[^1].IsFinal;
    }

    protected override TemplateValue Compute(Run run)
    {
        foreach (Binding binding in _bindings)
        {
            Frame frame = run.Frame;
            for (int i = 0; i < binding.Depth; i++)
            {
                frame = frame.Parent!;
            }

            TemplateValue value = frame.Slots[binding.Slot];
            if (!value.IsMissing)
            {
                return value;
            }
        }

        if (_looksOutside && (run.Variables.TryGetValue(name, out TemplateValue given) || Globals.TryGet(name, out given)))
        {
            return given;
        }

        return _undefined;
    }
}

internal sealed class ListExpression : Expression
{
    private readonly Expression[] _items;
    private readonly bool _isTuple;

    public ListExpression(int line, List<Expression> items, bool isTuple)
        : base(line)
    {
        _items = [.. items];
        _isTuple = isTuple;
        Height = HeightAround(items);
    }

    protected override TemplateValue Compute(Run run)
    {
        run.AllocateItems(_items.Length);
        TemplateValue[] items = EvaluateAll(run, _items);
        run.Line = Line;
        return _isTuple ? run.Tuple(items) : run.List(items);
    }
}

internal sealed class DictExpression : Expression
{
    private readonly (Expression Key, Expression Value)[] _pairs;

    public DictExpression(int line, List<(Expression Key, Expression Value)> pairs)
        : base(line)
    {
        _pairs = [.. pairs];
        Height = HeightAround(pairs.SelectMany(pair => new[] { pair.Key, pair.Value }));
    }

    protected override TemplateValue Compute(Run run)
    {
        if (_pairs.Length == 0)
        {
            return TemplateValue.From(TemplateMap.Empty);
        }

        run.AllocateItems(_pairs.Length * 4);
        var map = new TemplateMapBuilder(run.Comparer);
        foreach ((Expression key, Expression value) in _pairs)
        {
            TemplateValue made = key.Evaluate(run);
            TemplateValue held = value.Evaluate(run);
            run.Line = Line;
            Operators.RequireHashable(run, made);
            map.Set(made, held);
        }

        return TemplateValue.From(run.Checked(map.Build()));
    }
}

internal sealed class AttributeExpression(int line, Expression target, string name) : Expression(line, target)
{
    private readonly UndefinedReason _missing = UndefinedReason.Attribute(name);

    public Expression Target { get; } = target;

    public string Name { get; } = name;

    protected override TemplateValue Compute(Run run)
    {
        TemplateValue value = Target.Evaluate(run);
        run.Line = Line;
        return Attributes.Get(run, value, Name, _missing);
    }
}

internal sealed class ItemExpression(int line, Expression target, Expression key) : Expression(line, target, key)
{
    private readonly string? _text = key is Constant { Value.IsText: true } text ? text.Value.Text : null;
    protected override TemplateValue Compute(Run run)
    {
        TemplateValue value = target.Evaluate(run);
        if (_text is not null && value.Kind == TemplateKind.Dict && value.Map.TryGet(_text, out TemplateValue item))
        {
            return item;
        }

        TemplateValue at = key.Evaluate(run);
        run.Line = Line;
        return Attributes.Item(run, value, at);
    }
}

internal sealed class SliceExpression(int line, Expression target, Expression? start, Expression? stop, Expression? step)
    : Expression(line, target, start, stop, step)
{
    protected override TemplateValue Compute(Run run)
    {
        TemplateValue value = target.Evaluate(run);
        TemplateValue first = start?.Evaluate(run) ?? default;
        TemplateValue last = stop?.Evaluate(run) ?? default;
        TemplateValue stride = step?.Evaluate(run) ?? default;
        run.Line = Line;
        return Slices.Cut(run, value, first, last, stride);
    }
}

internal sealed class NotExpression(int line, Expression operand) : Expression(line, operand)
{
    protected override TemplateValue Compute(Run run) => TemplateValue.From(!Kinds.IsTrue(operand.Evaluate(run)));
}

internal sealed class AndExpression(int line, Expression left, Expression right) : Expression(line, left, right)
{
    protected override TemplateValue Compute(Run run)
    {
        TemplateValue value = left.Evaluate(run);
        return Kinds.IsTrue(value) ? right.Evaluate(run) : value;
    }
}

internal sealed class OrExpression(int line, Expression left, Expression right) : Expression(line, left, right)
{
    protected override TemplateValue Compute(Run run)
    {
        TemplateValue value = left.Evaluate(run);
        return Kinds.IsTrue(value) ? value : right.Evaluate(run);
    }
}

internal sealed class ConditionalExpression(int line, Expression test, Expression then, Expression? otherwise)
    : Expression(line, test, then, otherwise)
{
    private static readonly TemplateValue NoElse = TemplateValue.Undefined(new UndefinedReason("an inline 'if' was false and has no 'else'"));

    protected override TemplateValue Compute(Run run) =>
        Kinds.IsTrue(test.Evaluate(run)) ? then.Evaluate(run) : otherwise?.Evaluate(run) ?? NoElse;
}

internal sealed class CompareExpression : Expression
{
    private readonly Expression _first;
    private readonly (ComparisonOperator Operator, Expression Operand)[] _rest;

    public CompareExpression(int line, Expression first, List<(ComparisonOperator Operator, Expression Operand)> rest)
        : base(line)
    {
        _first = first;
        _rest = [.. rest];
        Height = HeightAround(rest.Select(part => part.Operand).Append(first));
    }

    protected override TemplateValue Compute(Run run)
    {
        TemplateValue left = _first.Evaluate(run);
        foreach ((ComparisonOperator operation, Expression operand) in _rest)
        {
            TemplateValue right = operand.Evaluate(run);
            run.Line = Line;
            if (!Operators.Compare(run, operation, left, right))
            {
                return TemplateValue.False;
            }

            left = right;
        }

        return TemplateValue.True;
    }
}

internal sealed class UnaryExpression(int line, Expression operand, bool negates) : Expression(line, operand)
{
    protected override TemplateValue Compute(Run run)
    {
        TemplateValue value = operand.Evaluate(run);
        run.Line = Line;
        return negates ? Operators.Negate(run, value) : Operators.Plus(run, value);
    }
}

internal sealed class BinaryExpression(int line, BinaryOperator operation, Expression left, Expression right) : Expression(line, left, right)
{
    protected override TemplateValue Compute(Run run)
    {
        TemplateValue x = left.Evaluate(run);
        TemplateValue y = right.Evaluate(run);
        run.Line = Line;
        return Operators.Apply(run, operation, x, y);
    }
}

/// <summary><c>a + b + c</c> at once: most are texts, and joining them in one go makes no texts in between.</summary>
internal sealed class SumExpression : Expression
{
    private readonly Expression[] _parts;

    public SumExpression(int line, List<Expression> parts)
        : base(line)
    {
        _parts = [.. parts];
        Height = HeightAround(parts);
    }

    protected override TemplateValue Compute(Run run)
    {
        TemplateValue[] values = EvaluateAll(run, _parts);
        run.Line = Line;
        return Array.TrueForAll(values, value => value.IsText && !value.IsSafeText) ? Joined(run, values) : Added(run, values);
    }

    private static TemplateValue Joined(Run run, TemplateValue[] values)
    {
        long length = 0;
        foreach (TemplateValue value in values)
        {
            length += value.Text.Length;
        }

        run.Allocate(length);
        return TemplateValue.From(string.Create((int)length, values, static (text, values) =>
        {
            foreach (TemplateValue value in values)
            {
                value.Text.CopyTo(text);
                text = text[value.Text.Length..];
            }
        }));
    }

    private static TemplateValue Added(Run run, TemplateValue[] values)
    {
        TemplateValue sum = values[0];
        for (int i = 1; i < values.Length; i++)
        {
            sum = Operators.Add(run, sum, values[i]);
        }

        return sum;
    }
}

/// <summary><c>a ~ b</c>: both as text.</summary>
internal sealed class ConcatExpression : Expression
{
    private readonly Expression[] _parts;

    public ConcatExpression(int line, List<Expression> parts)
        : base(line)
    {
        _parts = [.. parts];
        Height = HeightAround(parts);
    }

    protected override TemplateValue Compute(Run run)
    {
        var texts = new string[_parts.Length];
        long length = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            TemplateValue value = _parts[i].Evaluate(run);
            run.Line = Line;
            texts[i] = Printer.Str(run, value);
            length += texts[i].Length;
        }

        run.Allocate(length);
        return TemplateValue.From(string.Concat(texts));
    }
}
