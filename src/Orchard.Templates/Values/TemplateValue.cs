using System.Runtime.CompilerServices;

namespace Orchard.Templates.Values;

/// <summary>A value of the template language. Immutable, except for the members of a <see cref="TemplateNamespace"/>.</summary>
internal readonly struct TemplateValue
{
    // Bits of a string.
    private const long Safe = 1;
    private const long NumberAsText = 2;

    private readonly object? _reference;
    private readonly long _bits;

    private TemplateValue(TemplateKind kind, object? reference, long bits)
    {
        Kind = kind;
        _reference = reference;
        _bits = bits;
    }

    public static TemplateValue Missing => default;

    public static TemplateValue None => new(TemplateKind.None, null, 0);

    public static TemplateValue True => new(TemplateKind.Bool, null, 1);

    public static TemplateValue False => new(TemplateKind.Bool, null, 0);

    public static TemplateValue EmptyText => From(string.Empty);

    public TemplateKind Kind { get; }

    public bool IsMissing => Kind == TemplateKind.Missing;

    public bool IsUndefined => Kind == TemplateKind.Undefined;

    public bool IsNone => Kind == TemplateKind.None;

    public bool IsText => Kind == TemplateKind.String;

    /// <summary>Whether <c>safe</c> or <c>escape</c> marked the string: <c>+</c> and <c>%</c> then escape the other operand.</summary>
    public bool IsSafeText => Kind == TemplateKind.String && _bits == Safe;

    /// <summary>
    /// Whether the string is a number of JSON that no number of the language can hold; <c>tojson</c> writes it without quotes.
    /// </summary>
    public bool IsNumberText => Kind == TemplateKind.String && _bits == NumberAsText;

    /// <summary>Whether the value is an integer or a boolean, which counts as 0 or 1.</summary>
    public bool IsInteger => Kind is TemplateKind.Int or TemplateKind.Bool;

    public bool IsNumber => Kind is TemplateKind.Int or TemplateKind.Bool or TemplateKind.Float;

    public bool IsSequence => Kind is TemplateKind.List or TemplateKind.Tuple;

    /// <summary>Whether a condition on the value holds.</summary>
    public bool IsTrue => Kind switch
    {
        TemplateKind.Missing or TemplateKind.Undefined or TemplateKind.None => false,
        TemplateKind.Bool or TemplateKind.Int => _bits != 0,
        TemplateKind.Float => Float != 0,
        TemplateKind.String => Text.Length > 0,
        _ => Object.IsTrue,
    };

    /// <summary>Whether the value can be a key of a mapping: it contains neither a list nor a mapping.</summary>
    public bool IsHashable => Kind <= TemplateKind.String || Object.IsHashable;

    /// <summary>Nesting depth: 0 for a value that is no container.</summary>
    public int Depth => Kind <= TemplateKind.String ? 0 : Object.Depth;

    public bool Bool => _bits != 0;

    public long Int => _bits;

    public double Float => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The number as a float, whether it is an integer, a boolean or a float.</summary>
    public double Number => Kind == TemplateKind.Float ? Float : _bits;

    public string Text => Unsafe.As<string>(_reference)!;

    /// <summary>The object of a value that is neither a string, a number, a boolean nor none.</summary>
    public TemplateObject Object => Unsafe.As<TemplateObject>(_reference)!;

    public static TemplateValue From(bool value) => new(TemplateKind.Bool, null, value ? 1 : 0);

    public static TemplateValue From(long value) => new(TemplateKind.Int, null, value);

    public static TemplateValue From(double value) => new(TemplateKind.Float, null, BitConverter.DoubleToInt64Bits(value));

    public static TemplateValue From(string value) => new(TemplateKind.String, value, 0);

    public static TemplateValue FromText(string value, bool safe) => new(TemplateKind.String, value, safe ? Safe : 0);

    public static TemplateValue FromNumberText(string value) => new(TemplateKind.String, value, NumberAsText);

    public static TemplateValue From(TemplateObject value) => new(value.Kind, value, 0);

    /// <summary>Whether both are the same object, as Python's <c>is</c>.</summary>
    public bool IsSame(TemplateValue other) => Kind == other.Kind && _bits == other._bits && ReferenceEquals(_reference, other._reference);
}
