using Orchard.Templates.Python;

namespace Orchard.Templates.Values;

/// <summary>An undefined value. It carries the reason, which becomes the error message when a template uses the value.</summary>
internal sealed class TemplateUndefined : TemplateObject
{
    private const int LongestKey = 60;

    private readonly string? _message;
    private readonly string? _key;
    private readonly long _index;

    public TemplateUndefined(string message)
        : base(TemplateKind.Undefined) => _message = message;

    private TemplateUndefined(string? key, long index)
        : base(TemplateKind.Undefined)
    {
        _key = key;
        _index = index;
    }

    // Composed on demand: templates test most undefined elements without using them.
    public string Message => _message ?? $"there is no element {(_key is null ? NumberText.Repr(_index) : Quote(_key))}";

    public override bool IsTrue => false;

    public override int? Length => 0;

    public static TemplateUndefined Variable(string name) => new($"'{name}' is undefined");

    public static TemplateUndefined Attribute(string name) => new($"there is no attribute '{name}'");

    public static TemplateUndefined Element(string key) => new(key, 0);

    public static TemplateUndefined Element(long index) => new(null, index);

    private static string Quote(string key) => $"'{key[..Math.Min(key.Length, LongestKey)]}'";
}
