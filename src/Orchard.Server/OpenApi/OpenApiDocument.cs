using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Orchard.Server.OpenApi;

/// <summary>Writes the OpenAPI document, with the schemas of the JSON contracts by which bodies are read and written. Pure.</summary>
internal static partial class OpenApiDocument
{
    /// <summary>Returns the document.</summary>
    public static string Write(IReadOnlyList<Operation> operations)
    {
        var paths = new JsonObject();
        foreach (IGrouping<string, Operation> path in operations.GroupBy(static operation => operation.Path, StringComparer.Ordinal))
        {
            paths[path.Key] = new JsonObject(
                path.Select(static operation => KeyValuePair.Create(operation.Method, (JsonNode?)Describe(operation))));
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Orchard", ["version"] = VersionOf() },
            ["paths"] = paths,
        }.ToJsonString();
    }

    private static JsonObject Describe(Operation operation)
    {
        var content = new JsonObject();
        if (operation.Response is { } response)
        {
            content["application/json"] = Media(response, operation, "responses/200/content");
        }

        if (operation.Streams is { } type)
        {
            content[type] = new JsonObject();
        }

        var described = new JsonObject
        {
            ["summary"] = operation.Summary,
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK", ["content"] = content } },
        };
        JsonNode?[] parameters = [.. Parameter().Matches(operation.Path).Select(static match => Describe(match.Groups[1].Value))];
        if (parameters.Length > 0)
        {
            described["parameters"] = new JsonArray(parameters);
        }

        if (operation.Request is { } request)
        {
            described["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject { ["application/json"] = Media(request, operation, "requestBody/content") },
            };
        }

        return described;
    }

    private static JsonObject Describe(string parameter) => new()
    {
        ["name"] = parameter,
        ["in"] = "path",
        ["required"] = true,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Media(JsonTypeInfo type, Operation operation, string place)
    {
        JsonNode schema = type.GetJsonSchemaAsNode();
        string path = Uri.EscapeDataString(operation.Path.Replace("/", "~1", StringComparison.Ordinal));
        Relocate(schema, $"#/paths/{path}/{operation.Method}/{place}/application~1json/schema");
        return new JsonObject { ["schema"] = schema };
    }

    // A schema on its own refers to its parts from its root, which in the document is somewhere else.
    private static void Relocate(JsonNode? schema, string root)
    {
        switch (schema)
        {
            case JsonObject members:
                if (members["$ref"] is JsonValue reference && reference.TryGetValue(out string? target))
                {
                    members["$ref"] = root + target.TrimStart('#');
                }

                foreach ((_, JsonNode? member) in members)
                {
                    Relocate(member, root);
                }

                break;
            case JsonArray items:
                foreach (JsonNode? item in items)
                {
                    Relocate(item, root);
                }

                break;
        }
    }

    private static string VersionOf() => typeof(OpenApiDocument).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}
