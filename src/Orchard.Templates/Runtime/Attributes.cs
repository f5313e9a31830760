using Orchard.Templates.Library;
using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>What <c>value.name</c> and <c>value[key]</c> are.</summary>
internal static class Attributes
{
    /// <summary>
    /// <c>value.name</c>: the value's own attribute or method first, then its item of that name, as in Jinja. A method that would
    /// change the value is undefined, as in the sandbox Hugging Face renders in.
    /// </summary>
    public static TemplateValue Get(Run run, TemplateValue value, string name, UndefinedReason missing)
    {
        Kinds.Defined(run, value);
        TemplateValue own = Own(value, name);
        if (!own.IsMissing)
        {
            return own;
        }

        return value.Kind == TemplateKind.Dict && value.Map.TryGet(name, out TemplateValue item) ? item : TemplateValue.Undefined(missing);
    }

    /// <summary><c>value[key]</c>: the item, then, for a text, the attribute of that name.</summary>
    public static TemplateValue Item(Run run, TemplateValue value, TemplateValue key)
    {
        Kinds.Defined(run, value);
        if (TryItem(run, value, key, out TemplateValue item))
        {
            return item;
        }

        TemplateValue own = key.IsText ? Own(value, key.Text) : default;
        return own.IsMissing ? TemplateValue.Undefined(new UndefinedReason(key)) : own;
    }

    /// <summary>The attribute or method of that name, but no item.</summary>
    public static TemplateValue GetOwn(TemplateValue value, string name)
    {
        TemplateValue own = Own(value, name);
        return own.IsMissing ? TemplateValue.Undefined(UndefinedReason.Attribute(name)) : own;
    }

    /// <summary>A dotted path of attributes as filters take it; parts that are digits are positions.</summary>
    public static TemplateValue Path(Run run, TemplateValue value, TemplateValue path, TemplateValue fallback = default)
    {
        if (path.IsMissing || path.IsNone)
        {
            return value;
        }

        if (!path.IsText)
        {
            return OrFallback(Item(run, value, path), fallback);
        }

        foreach (string part in path.Text.Split('.'))
        {
            TemplateValue key = part.Length > 0 && part.All(char.IsAsciiDigit) && long.TryParse(part, out long position)
                ? TemplateValue.From(position)
                : TemplateValue.From(part);
            value = OrFallback(Item(run, value, key), fallback);
        }

        return value;
    }

    private static TemplateValue OrFallback(TemplateValue value, TemplateValue fallback) =>
        value.IsUndefined && !fallback.IsMissing && !fallback.IsNone ? fallback : value;

    private static bool TryItem(Run run, TemplateValue value, TemplateValue key, out TemplateValue item)
    {
        item = default;
        switch (value.Kind)
        {
            case TemplateKind.Dict:
                return Kinds.IsHashable(key) && value.Map.TryGet(key, out item);
            case TemplateKind.List or TemplateKind.Tuple:
                if (TryIndex(key, value.List.Count, out int at))
                {
                    item = value.List.Items[at];
                    return true;
                }

                return false;
            case TemplateKind.String:
                run.Scan(value.Text.Length);
                if (!TryIndex(key, PythonText.Length(value.Text), out int point))
                {
                    return false;
                }

                int offset = PythonText.OffsetOf(value.Text, point);
                bool isPair = PythonText.IsPairAt(value.Text, offset);
                item = TemplateValue.FromText(
                    isPair ? value.Text.Substring(offset, 2) : PythonText.Character(value.Text[offset]), value.IsSafeText);
                return true;
            case TemplateKind.Range:
                var range = (TemplateRange)value.Reference;
                if (TryIndex(key, range.Count, out int step))
                {
                    item = TemplateValue.From(range.At(step));
                    return true;
                }

                return false;
            default:
                return false;
        }
    }

    private static bool TryIndex(TemplateValue key, int count, out int index)
    {
        long at = key.IsInteger ? key.Int : count;
        at = at < 0 ? at + count : at;
        index = at >= 0 && at < count ? (int)at : -1;
        return index >= 0;
    }

    private static TemplateValue Own(TemplateValue value, string name)
    {
        switch (value.Kind)
        {
            case TemplateKind.Namespace:
                return ((TemplateNamespace)value.Reference).Members.TryGetValue(name, out TemplateValue member)
                    ? name.StartsWith('_') ? Unsafe(name) : member
                    : TemplateValue.Missing;
            case TemplateKind.Loop:
                TemplateValue attribute = ((LoopState)value.Reference).Get(name);
                return attribute.IsMissing && name is "cycle" or "changed" ? Method(value, name) : attribute;
            case TemplateKind.Callable when value.Reference is TemplateMacro macro:
                return macro.Get(name);
            case TemplateKind.Tuple when value.Reference is TemplateGroup group && name is "grouper" or "list":
                return value.List.Items[name == "grouper" ? 0 : 1];
            default:
                return Methods.Find(value.Kind, name) switch
                {
                    MethodAccess.Allowed => Method(value, name),
                    MethodAccess.Unsafe => Unsafe(name),
                    _ => TemplateValue.Missing,
                };
        }
    }

    private static TemplateValue Method(TemplateValue value, string name) => TemplateValue.From(new BoundMethod(value, name));

    private static TemplateValue Unsafe(string name) =>
        TemplateValue.Undefined(new UndefinedReason($"'{name}' is not allowed in a chat template"));
}
