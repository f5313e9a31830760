using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;

namespace Orchard.Templates.Tests;

/// <summary>Renders templates, and compares the results with jinja2's.</summary>
internal static class Rendering
{
    private static readonly FakeTimeProvider Time = new(JinjaOracle.Now);

    public static string Render(string template, string variables = "{}")
    {
        using JsonDocument document = JsonDocument.Parse(variables);
        return ChatTemplate.Parse(template).Render(Variables(document.RootElement), Time);
    }

    public static OracleResult TryRender(string template, JsonElement variables)
    {
        try
        {
            return new OracleResult(ChatTemplate.Parse(template).Render(Variables(variables), Time), null);
        }
        catch (TemplateException e)
        {
            return new OracleResult(null, e.Message);
        }
    }

    public static Dictionary<string, TemplateValue> Variables(JsonElement element) =>
        element.EnumerateObject().ToDictionary(property => property.Name, property => JsonValues.From(property.Value));

    /// <summary>Fails with a list of all differences, with the templates and inputs of the first ones.</summary>
    public static async Task CompareAsync(JinjaOracle oracle, IReadOnlyList<(string Name, string Template)> templates, IReadOnlyList<JsonElement> inputs) =>
        await CompareAsync(oracle, [.. templates.Select(template => (template.Name, new OracleRequest(template.Template, inputs)))]);

    public static async Task<int> CompareAsync(JinjaOracle oracle, IReadOnlyList<(string Name, OracleRequest Request)> requests)
    {
        IReadOnlyList<IReadOnlyList<OracleResult>> expected = await oracle.RenderAsync(requests.Select(request => request.Request));
        var differences = new StringBuilder();
        int count = 0;
        int rendered = 0;
        for (int i = 0; i < requests.Count; i++)
        {
            for (int j = 0; j < requests[i].Request.Inputs.Count; j++)
            {
                OracleResult theirs = expected[i][j];
                OracleResult ours = TryRender(requests[i].Request.Template, requests[i].Request.Inputs[j]);
                rendered += theirs.Text is null ? 0 : 1;
                if (ours.Text == theirs.Text)
                {
                    continue;
                }

                count++;
                differences.AppendLine($"{requests[i].Name} with input {j}:");
                if (count <= 5)
                {
                    differences.AppendLine($"template: {requests[i].Request.Template}\ninput: {requests[i].Request.Inputs[j].GetRawText()}");
                }

                differences.AppendLine($"jinja2: {Show(theirs)}\nours:   {Show(ours)}\n");
            }
        }

        Assert.True(count == 0, $"{count} differences\n{differences}");
        return rendered;
    }

    private static string Show(OracleResult result) => result.Text is null ? $"refused ({result.Error})" : JsonSerializer.Serialize(result.Text);
}
