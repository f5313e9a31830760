using Orchard.Engine.Tests.Inference;

namespace Orchard.Forms.Tests;

/// <summary>
/// The forms found in public chat templates, held against what their models write. On demand: the folder has a file
/// <c>outputs.jsonl</c> with <c>name</c>, <c>variant</c> (<c>one</c> call, <c>two</c> calls, <c>think</c>), <c>prompt</c> and
/// <c>output</c>, and <c>templates/NAME.jinja</c>. An output without what its variant is about says that the template does not show it.
/// </summary>
public sealed class ModelOutputsTests(StarterModel starter, ITestOutputHelper log) : IClassFixture<StarterModel>
{
    private const int Samples = 20;

    // Of the templates with calls and of those with reasoning.
    private const double LeastUnderstood = 0.88;

    private const string FolderVariable = "ORCHARD_MODEL_OUTPUTS";

    [Fact]
    public void Outputs_OfPublicTemplates_AreReadAndAllowed()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{FolderVariable} names no folder.");
        int shown = 0;
        int right = 0;
        var wrong = new List<string>();
        foreach (IGrouping<string, ModelOutput> outputs in ModelOutput.In(folder).Where(output => output.ShowsIt).GroupBy(output => output.Name))
        {
            var template = new ModelTemplate(File.ReadAllText(Path.Combine(folder, "templates", $"{outputs.Key}.jinja")));
            foreach (ModelOutput output in outputs)
            {
                shown++;
                var check = new FormCheck(template);
                string verdict = Check(template, output, check);
                right += verdict == "right" ? 1 : 0;
                log.WriteLine($"{verdict,-8}{output.Name} {output.Variant}");
                if (verdict == "WRONG")
                {
                    log.WriteLine($"    {template.Prompt(ModelOutput.Tools).Output.FormJson}");
                    wrong.Add($"{output.Name} {output.Variant}");
                    foreach (string problem in check.Problems)
                    {
                        log.WriteLine($"    {problem}");
                    }
                }
            }
        }

        log.WriteLine($"{right} of {shown} right");
        Assert.Empty(wrong);
        Assert.True(right >= LeastUnderstood * shown, $"only {right} of {shown} are understood");
    }

    private static string Check(ModelTemplate template, ModelOutput output, FormCheck check)
    {
        try
        {
            bool isKnown = output.Variant == "think" ? template.Prompt([], thinks: true).Output.HasThinking : template.KnowsCalls;
            if (isKnown && output.Variant == "think")
            {
                check.Reasoning(output);
            }
            else if (isKnown)
            {
                check.Calls(output);
            }

            return !isKnown ? "unknown" : check.Problems.Count > 0 ? "WRONG" : "right";
        }
        catch (ChatTemplateException)
        {
            return "refused"; // without a tool, say
        }
    }

    [Fact]
    public void Arguments_OfEveryKind_AreReadAsTheyWereWritten()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{FolderVariable} names no folder.");
        var wrong = new List<string>();
        foreach (string path in Directory.GetFiles(Path.Combine(folder, "templates"), "*.jinja").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            var template = new ModelTemplate(File.ReadAllText(path));
            IReadOnlyList<string> problems;
            try
            {
                problems = template.KnowsCalls ? new ArgumentCheck(template).FindProblems() : [];
            }
            catch (ChatTemplateException e)
            {
                log.WriteLine($"refused {name}: {e.Message}");
                continue;
            }

            log.WriteLine($"{(problems.Count > 0 ? "WRONG" : "right"),-8}{name}");
            wrong.AddRange(problems.Count > 0 ? [name] : []);
            foreach (string problem in problems)
            {
                log.WriteLine($"    {problem}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void RequiredCalls_AtAHighTemperature_AreInTheFormOfTheTemplate()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{FolderVariable} names no folder.");
        using var samples = new FormSamples(starter, Samples);
        var wrong = new List<string>();
        foreach (string name in ModelOutput.In(folder).Where(output => output is { Variant: "one", ShowsIt: true }).Select(output => output.Name))
        {
            var template = new ModelTemplate(File.ReadAllText(Path.Combine(folder, "templates", $"{name}.jinja")));
            if (template.KnowsCalls)
            {
                IReadOnlyList<string> problems = samples.FindProblems(template);
                log.WriteLine($"{(problems.Count > 0 ? "WRONG" : "right"),-8}{name}: {string.Join("; ", problems)}");
                wrong.AddRange(problems.Count > 0 ? [name] : []);
            }
        }

        Assert.Empty(wrong);
    }
}
