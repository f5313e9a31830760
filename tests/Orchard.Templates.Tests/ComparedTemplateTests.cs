using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchard.Templates.Tests;

/// <summary>Compares the prompts of complete chat templates with those of jinja2.</summary>
public sealed class ComparedTemplateTests(JinjaOracle oracle)
{
    private const string FolderVariable = "ORCHARD_CHAT_TEMPLATES";

    [Fact]
    public async Task Render_OwnTemplates_AsJinja2()
    {
        List<(string Name, OracleRequest Request)> requests = Requests(Path.Combine(JinjaOracle.Data, "Own"), Conversations());

        int rendered = await Rendering.CompareAsync(oracle, requests);

        Assert.True(requests.Count >= 25 && requests[0].Request.Inputs.Count >= 25);
        Assert.True(rendered > requests.Count * requests[0].Request.Inputs.Count * 3 / 4, $"only {rendered} rendered");
    }

    /// <summary>Compares the templates of public models, which are not part of the repository.</summary>
    [Fact]
    public async Task Render_PublicTemplates_AsJinja2()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{FolderVariable} does not name a folder of chat templates (*.jinja).");

        // Some of them read the conversation from another variable, and the model's tokens from variables of their own.
        int rendered = await Rendering.CompareAsync(oracle, Requests(folder, [.. Conversations().Select(WithModelFacts)]));

        Assert.True(rendered > 100, $"only {rendered} rendered");
    }

    private static List<(string Name, OracleRequest Request)> Requests(string folder, JsonElement[] conversations) =>
        [.. Directory.GetFiles(folder, "*.jinja").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), new OracleRequest(File.ReadAllText(file), conversations)))];

    private static JsonElement[] Conversations()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(JinjaOracle.Data, "conversations.json")));
        return [.. document.RootElement.EnumerateArray().Select(conversation => conversation.Clone())];
    }

    private static JsonElement WithModelFacts(JsonElement conversation)
    {
        JsonObject variables = JsonNode.Parse(File.ReadAllText(Path.Combine(JinjaOracle.Data, "model-facts.json")))!.AsObject();
        foreach (JsonProperty property in conversation.EnumerateObject())
        {
            variables[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        }

        variables["interactions"] = JsonNode.Parse(conversation.GetProperty("messages").GetRawText());
        return JsonSerializer.SerializeToElement(variables);
    }
}
