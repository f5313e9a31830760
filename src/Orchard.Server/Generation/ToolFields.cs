using System.Text.Json;
using Orchard.Server.Errors;

namespace Orchard.Server.Generation;

/// <summary>
/// Reads tools in the shapes of OpenAI's chat and Responses APIs, Ollama and Anthropic. Tools that run at the service, such as a web
/// search, are left out: the model answers without them. Pure.
/// </summary>
internal static class ToolFields
{
    private static readonly JsonElement TextInput = Parse(
        """{"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}""");

    private static readonly JsonElement ShellCommand = Parse(
        """
        {"type": "object", "required": ["command"], "properties": {
            "command": {"type": "array", "items": {"type": "string"}},
            "workdir": {"type": "string"},
            "timeout_ms": {"type": "integer"}}}
        """);

    /// <summary>Returns the tools.</summary>
    /// <param name="field">The list of tools; may be absent.</param>
    /// <param name="ignored">Receives what was left out.</param>
    public static IReadOnlyList<Tool> Read(Field field, ICollection<string> ignored)
    {
        var tools = new List<Tool>();
        if (!field.IsAbsent)
        {
            Add(field, tools, ignored);
        }

        return tools;
    }

    private static void Add(Field list, List<Tool> tools, ICollection<string> ignored)
    {
        foreach (Field tool in list.Items("a list of tools"))
        {
            if (!tool.IsObject)
            {
                throw tool.Invalid("an object");
            }

            Field type = tool.Member("type");
            switch (type.IsAbsent ? "function" : type.ToText())
            {
                case "function":
                    tools.Add(Function(tool.Member("function") is { IsAbsent: false } inner ? inner : tool));
                    break;
                case "custom":
                    tools.Add(Custom(tool.Member("custom") is { IsAbsent: false } custom ? custom : tool));
                    break;
                case "local_shell":
                    tools.Add(new Tool("local_shell", "Runs a command on the user's machine.", ShellCommand));
                    break;
                case "namespace" when tool.Member("tools") is { IsArray: true } members:
                    Add(members, tools, ignored);
                    break;
                default:
                    ignored.Add($"{tool.Name}.{type.ToText()}");
                    break;
            }
        }
    }

    private static Tool Function(Field tool)
    {
        Field parameters = tool.Member("parameters") is { IsAbsent: false } given ? given : tool.Member("input_schema");
        Field strict = tool.Member("strict");
        return Create(
            tool,
            parameters.IsAbsent ? null : parameters.ToJsonObject("a JSON Schema of an object"),
            isStrict: !strict.IsAbsent && strict.ToBool());
    }

    // Anthropic's own tools have this type, too, and a schema; OpenAI's take a text, in a format that we cannot enforce.
    private static Tool Custom(Field tool) => tool.Member("input_schema").IsAbsent ? Create(tool, TextInput) : Function(tool);

    private static Tool Create(Field tool, JsonElement? parameters, bool isStrict = false)
    {
        Field description = tool.Member("description");
        try
        {
            return new Tool(tool.Member("name").ToText(), description.IsAbsent ? null : description.ToText(), parameters)
            {
                IsStrict = isStrict,
            };
        }
        catch (ArgumentException e)
        {
            throw ApiException.Invalid(tool.Name, $"is not allowed: {e.Message.Split(" (Parameter")[0].TrimEnd('.')}");
        }
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
