using System.Runtime.CompilerServices;

namespace Orchard.Templates.Values;

/// <summary>A value of the template language. Values never change, except for what a <see cref="TemplateNamespace"/> holds.</summary>
internal readonly struct TemplateValue
{
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

    /// <summary>A text marked by <c>safe</c> or <c>escape</c>: joining it with <c>+</c> or <c>%</c> escapes the other side.</summary>
    public bool IsSafeText => Kind == TemplateKind.String && _bits != 0;

    /// <summary>Whole numbers and booleans, which count as 0 and 1.</summary>
    public bool IsInteger => Kind is TemplateKind.Int or TemplateKind.Bool;

    public bool IsNumber => Kind is TemplateKind.Int or TemplateKind.Bool or TemplateKind.Float;

    public bool IsSequence => Kind is TemplateKind.List or TemplateKind.Tuple;

    public bool Bool => _bits != 0;

    public long Int => _bits;

    public double Float => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The number as a float, whichever kind of number it is.</summary>
    public double Number => Kind == TemplateKind.Float ? Float : _bits;

    public string Text => Unsafe.As<string>(_reference)!;

    public TemplateList List => Unsafe.As<TemplateList>(_reference)!;

    public TemplateMap Map => Unsafe.As<TemplateMap>(_reference)!;

    public object Reference => _reference!;

    public static TemplateValue From(bool value) => new(TemplateKind.Bool, null, value ? 1 : 0);

    public static TemplateValue From(long value) => new(TemplateKind.Int, null, value);

    public static TemplateValue From(double value) => new(TemplateKind.Float, null, BitConverter.DoubleToInt64Bits(value));

    public static TemplateValue From(string value) => new(TemplateKind.String, value, 0);

    public static TemplateValue FromText(string value, bool safe) => new(TemplateKind.String, value, safe ? 1 : 0);

    public static TemplateValue FromList(TemplateList value) => new(TemplateKind.List, value, 0);

    public static TemplateValue FromTuple(TemplateList value) => new(TemplateKind.Tuple, value, 0);

    public static TemplateValue From(TemplateMap value) => new(TemplateKind.Dict, value, 0);

    public static TemplateValue From(TemplateMapView value) => new(TemplateKind.DictView, value, 0);

    public static TemplateValue From(TemplateRange value) => new(TemplateKind.Range, value, 0);

    public static TemplateValue From(TemplateIterator value) => new(TemplateKind.Iterator, value, 0);

    public static TemplateValue From(TemplateNamespace value) => new(TemplateKind.Namespace, value, 0);

    public static TemplateValue From(TemplateCallable value) => new(TemplateKind.Callable, value, 0);

    public static TemplateValue From(LoopState value) => new(TemplateKind.Loop, value, 0);

    public static TemplateValue Undefined(UndefinedReason reason) => new(TemplateKind.Undefined, reason, 0);

    /// <summary>Whether both are the same object, as Python's <c>is</c>.</summary>
    public bool IsSame(TemplateValue other) => Kind == other.Kind && _bits == other._bits && ReferenceEquals(_reference, other._reference);
}

/// <summary>Why a value is undefined, said when it is used.</summary>
internal sealed class UndefinedReason
{
    private readonly string? _message;
    private readonly TemplateValue _element;

    public UndefinedReason(string message) => _message = message;

    /// <summary>There was no such element. Put into words only when asked: most are tested for, not used.</summary>
    public UndefinedReason(TemplateValue element) => _element = element;

    public string Message => _message ?? _element.Kind switch
    {
        TemplateKind.String => $"there is no element '{(_element.Text.Length > 60 ? _element.Text[..60] : _element.Text)}'",
        TemplateKind.Int => $"there is no element {Numbers.Repr(_element.Int)}",
        _ => "there is no such element",
    };

    public static UndefinedReason Variable(string name) => new($"'{name}' is undefined");

    public static UndefinedReason Attribute(string name) => new($"there is no attribute '{name}'");
}
