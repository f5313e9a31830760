using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchard.Server.Generation;

/// <summary>Reads variables for the chat template. Pure.</summary>
internal static class TemplateVariablesField
{
    /// <summary>Returns the variables.</summary>
    public static IReadOnlyDictionary<string, JsonNode?> Read(Field field) =>
        field.Members().GroupBy(static member => member.Name, StringComparer.Ordinal).ToDictionary(
            static group => group.Key, static group => ToNode(group.Last().Field), StringComparer.Ordinal);

    private static JsonNode? ToNode(Field field)
    {
        try
        {
            return field.IsAbsent ? null : JsonNode.Parse(field.Value.GetRawText());
        }
        catch (JsonException)
        {
            throw field.Invalid("JSON without repeated names");
        }
    }
}
