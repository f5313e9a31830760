namespace Orchard.Server.Generation;

/// <summary>Reads whether the model calls tools, in the shapes of OpenAI's chat and Responses APIs and of Anthropic. Pure.</summary>
internal static class ToolChoiceField
{
    private const string Allowed = "auto, none, required, or an object that names a tool";

    /// <summary>Returns the options with the choice applied; their tools must be set already.</summary>
    public static GenerationOptions Apply(GenerationOptions options, Field field)
    {
        if (field.IsAbsent)
        {
            return options;
        }

        return field.IsText ? OfMode(options, field) : field.IsObject ? OfObject(options, field) : throw field.Invalid(Allowed);
    }

    private static GenerationOptions OfMode(GenerationOptions options, Field field) => field.ToText() switch
    {
        "auto" => options,
        "none" => options with { ToolChoice = ToolChoice.None },
        "required" or "any" => Required(options, field),
        _ => throw field.Invalid(Allowed),
    };

    private static GenerationOptions OfObject(GenerationOptions options, Field field)
    {
        Field parallel = field.Member("disable_parallel_tool_use");
        if (!parallel.IsAbsent && parallel.ToBool())
        {
            options = options with { MaxToolCalls = 1 };
        }

        Field type = field.Member("type");
        return type.ToText() switch
        {
            "auto" or "none" or "any" or "required" => OfMode(options, type),
            "allowed_tools" => OfAllowed(options, field.Member("allowed_tools") is { IsObject: true } inner ? inner : field),
            "function" => Named(options, field, "function"),
            "custom" => Named(options, field, "custom"),
            "tool" => Named(options, field, "tool"),
            _ => throw type.Invalid(Allowed),
        };
    }

    private static GenerationOptions OfAllowed(GenerationOptions options, Field field)
    {
        HashSet<string> names =
            [.. field.Member("tools").Items("a list of tools").Select(static tool => NameOf(tool, "function").ToText())];
        return OfMode(options with { Tools = [.. options.Tools.Where(tool => names.Contains(tool.Name))] }, field.Member("mode"));
    }

    private static GenerationOptions Named(GenerationOptions options, Field field, string member)
    {
        Field name = NameOf(field, member);
        return options.Tools.Any(tool => tool.Name == name.ToText())
            ? options with { ToolChoice = ToolChoice.Named(name.ToText()) }
            : throw name.Invalid("the name of one of the tools");
    }

    private static GenerationOptions Required(GenerationOptions options, Field field) => options.Tools.Count > 0
        ? options with { ToolChoice = ToolChoice.Required }
        : throw field.Invalid("auto or none, because there are no tools");

    private static Field NameOf(Field field, string member) =>
        field.Member(member) is { IsObject: true } inner ? inner.Member("name") : field.Member("name");
}
