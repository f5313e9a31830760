using System.Globalization;
using System.Text.Json;

namespace Orchard.Templates.Tests;

/// <summary>Compares generated templates with jinja2.</summary>
public sealed class ProgramTests(JinjaOracle oracle)
{
    private const int BatchSize = 250;
    private const int Batches = 12;

    [Fact]
    public async Task Render_GeneratedPrograms_AsJinja2()
    {
        // ORCHARD_TEMPLATE_PROGRAMS sets the number of templates, and ORCHARD_TEMPLATE_SEED selects others.
        int seed = Number("ORCHARD_TEMPLATE_SEED", 20240726);
        int batches = Number("ORCHARD_TEMPLATE_PROGRAMS", BatchSize * Batches) / BatchSize;
        int rendered = 0;
        for (int batch = 0; batch < batches; batch++)
        {
            var requests = new List<(string Name, OracleRequest Request)>();
            for (int i = 0; i < BatchSize; i++)
            {
                int program = (batch * BatchSize) + i;
                var generator = new ProgramGenerator(seed + program);
                string template = generator.NextTemplate();
                using JsonDocument input = JsonDocument.Parse(generator.NextVariables());
                requests.Add(($"program {seed + program}", new OracleRequest(template, [input.RootElement.Clone()])));
            }

            rendered += await Rendering.CompareAsync(oracle, requests);
        }

        // An error on both sides proves little, so most templates must render.
        Assert.True(rendered > batches * BatchSize / 2, $"only {rendered} of {batches * BatchSize} programs rendered");
    }

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : fallback;
}
