using System.Globalization;
using System.Text.Json;

namespace Orchard.Templates.Tests;

/// <summary>Programs nobody wrote: what jinja2 makes of them is what we make of them.</summary>
public sealed class ProgramTests(JinjaOracle oracle)
{
    private const int BatchSize = 250;
    private const int Batches = 12;

    [Fact]
    public async Task Render_GeneratedPrograms_AsJinja2()
    {
        // On demand: ORCHARD_TEMPLATE_PROGRAMS=10000, and another ORCHARD_TEMPLATE_SEED for other programs.
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

        // Programs that both refuse agree on nothing much: most have to render.
        Assert.True(rendered > batches * BatchSize / 2, $"only {rendered} of {batches * BatchSize} programs rendered");
    }

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : fallback;
}
