using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Operations;

/// <summary>Evaluates <c>value.name</c> and <c>value[key]</c>.</summary>
internal static class Attributes
{
    /// <summary>
    /// Evaluates <c>value.name</c>. As in Jinja, an attribute or method takes precedence over an item of that name. A method that would
    /// change the value is undefined, as in the sandbox of Hugging Face.
    /// </summary>
    public static TemplateValue Get(RenderContext context, TemplateValue value, string name, TemplateUndefined missing)
    {
        context.RequireDefined(value);
        TemplateValue own = Own(context, value, name);
        if (!own.IsMissing)
        {
            return own;
        }

        return value.Kind == TemplateKind.Dict && value.Map.TryGet(name, out TemplateValue item) ? item : TemplateValue.From(missing);
    }

    /// <summary>Evaluates <c>value[key]</c>. As in Jinja, an item takes precedence over an attribute of that name.</summary>
    public static TemplateValue Item(RenderContext context, TemplateValue value, TemplateValue key)
    {
        context.RequireDefined(value);
        if (TryItem(context, value, key, out TemplateValue item))
        {
            return item;
        }

        TemplateValue own = key.IsText ? Own(context, value, key.Text) : default;
        return own.IsMissing ? TemplateValue.From(NoElement(key)) : own;
    }

    /// <summary>Returns an attribute or method, but no item.</summary>
    public static TemplateValue GetOwn(RenderContext context, TemplateValue value, string name)
    {
        TemplateValue own = Own(context, value, name);
        return own.IsMissing ? TemplateValue.From(TemplateUndefined.Attribute(name)) : own;
    }

    /// <summary>Follows a dotted path, as in the arguments of filters. A part that consists of digits is an index.</summary>
    public static TemplateValue Path(RenderContext context, TemplateValue value, TemplateValue path, TemplateValue fallback = default)
    {
        if (path.IsMissing || path.IsNone)
        {
            return value;
        }

        if (!path.IsText)
        {
            return OrFallback(Item(context, value, path), fallback);
        }

        foreach (string part in path.Text.Split('.'))
        {
            TemplateValue key = part.Length > 0 && part.All(char.IsAsciiDigit) && long.TryParse(part, out long position)
                ? TemplateValue.From(position)
                : TemplateValue.From(part);
            value = OrFallback(Item(context, value, key), fallback);
        }

        return value;
    }

    private static TemplateValue OrFallback(TemplateValue value, TemplateValue fallback) =>
        value.IsUndefined && !fallback.IsMissing && !fallback.IsNone ? fallback : value;

    private static bool TryItem(RenderContext context, TemplateValue value, TemplateValue key, out TemplateValue item)
    {
        item = default;
        switch (value.Kind)
        {
            case TemplateKind.Dict:
                return key.IsHashable && value.Map.TryGet(key, out item);
            case TemplateKind.List or TemplateKind.Tuple:
                if (TryIndex(key, value.List.Count, out int at))
                {
                    item = value.List.Items[at];
                    return true;
                }

                return false;
            case TemplateKind.String:
                context.Scan(value.Text.Length);
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
                var range = (TemplateRange)value.Object;
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

    private static TemplateValue Own(RenderContext context, TemplateValue value, string name)
    {
        switch (value.Kind)
        {
            case TemplateKind.Namespace:
                return ((TemplateNamespace)value.Object).Members.TryGetValue(name, out TemplateValue member)
                    ? name.StartsWith('_') ? Unsafe(name) : member
                    : TemplateValue.Missing;
            case TemplateKind.Loop:
                TemplateValue attribute = ((LoopState)value.Object).Get(name);
                return attribute.IsMissing && name is "cycle" or "changed" ? Method(value, name) : attribute;
            case TemplateKind.Callable:
                return ((TemplateCallable)value.Object).GetAttribute(name);
            case TemplateKind.Tuple when value.Object is TemplateGroup group && name is "grouper" or "list":
                return value.List.Items[name == "grouper" ? 0 : 1];
            default:
                return context.FindMethod(value.Kind, name) switch
                {
                    MethodAccess.Allowed => Method(value, name),
                    MethodAccess.Unsafe => Unsafe(name),
                    _ => TemplateValue.Missing,
                };
        }
    }

    private static TemplateValue Method(TemplateValue value, string name) => TemplateValue.From(new BoundMethod(value, name));

    private static TemplateUndefined NoElement(TemplateValue key) => key.Kind switch
    {
        TemplateKind.String => TemplateUndefined.Element(key.Text),
        TemplateKind.Int => TemplateUndefined.Element(key.Int),
        _ => new TemplateUndefined("there is no such element"),
    };

    private static TemplateValue Unsafe(string name) =>
        TemplateValue.From(new TemplateUndefined($"'{name}' is not allowed in a chat template"));
}
