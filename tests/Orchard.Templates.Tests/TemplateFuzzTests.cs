using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;

namespace Orchard.Templates.Tests;

/// <summary>
/// Damaged templates, the same ones in every run: each renders or fails with <see cref="TemplateException"/>, in bounded memory.
/// <c>ORCHARD_FUZZ_TEMPLATES</c> sets the number of templates, and <c>ORCHARD_FUZZ_SEED</c> selects others.
/// </summary>
public sealed class TemplateFuzzTests(ITestOutputHelper output)
{
    // A twentieth of the default limits, so that a run of a million templates is practical.
    private static readonly TemplateLimits Limits = new() { MaxSteps = 500_000, MaxOutputLength = 1_000_000, MaxMemory = 3_000_000 };

    // A character takes two bytes and a list item counts as twelve characters. The rest is for nodes, stack traces and the source.
    private const long MostAllocation = 64_000_000;

    private static readonly int Tries = Setting("ORCHARD_FUZZ_TEMPLATES", 6_000);
    private static readonly int Seed = Setting("ORCHARD_FUZZ_SEED", 11);

    private static readonly string[] Words =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "{%-", "-%}", "{{-", "-}}", "for", "endfor", "if", "elif", "else", "endif", "set", "endset", "macro", "endmacro",
        "call", "endcall", "filter", "endfilter", "in", "is", "not", "and", "or", "recursive", "loop", "loop.index", "loop.cycle('a')", "namespace()",
        "messages", "message", "m.content", "m['role']", "none", "true", "defined", "range(9)", "|", "|tojson", "|map(attribute='x')", "|join(',')",
        "|replace('a','b')", "|sort", "|batch(2)", "|indent(4)", "|default('')", ".split()", ".strip()", "[::-1]", "[1:]", "[-1]", "(", ")", "[", "]", "{", "}",
        "'", "\"", "\\", "~", "*", "**", "//", "%", "+", "-", "<", "==", ",", ":", ".", "1", "0", "-1", "9223372036854775807", "1e309", "'x' * 99999",
        "raise_exception('x')", "strftime_now('%Y')", "generation", "endgeneration", "break", "continue", "\n", "\0", "\ud800", "\u65e5", "<|im_end|>",
    ];

    [Fact]
    public void ParseAndRender_DamagedTemplates_ThrowsOnlyItsOwnException()
    {
        string[] seeds = [.. Directory.GetFiles(Path.Combine(JinjaOracle.Data, "Own"), "*.jinja").Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        var random = new Random(Seed);
        (long most, TimeSpan longest, int refused) = (0, default, 0);
        for (int i = 0; i < Tries; i++)
        {
            string template = i % 3 == 0
                ? new ProgramGenerator(Seed + i).NextTemplate()
                : i % 3 == 1 ? Soup(random) : seeds[i / 3 % seeds.Length];
            template = Mutate(random, template);
            Dictionary<string, TemplateValue> variables = Variables(i);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            try
            {
                _ = ChatTemplate.Parse(template, Limits).Render(variables);
            }
            catch (TemplateException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Template {i} of seed {Seed}: {e}\n{JsonSerializer.Serialize(template)}");
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            longest = elapsed > longest ? elapsed : longest;
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            most = Math.Max(most, allocated);
            if (allocated > MostAllocation)
            {
                Assert.Fail($"Template {i} of seed {Seed} took {allocated} bytes of memory:\n{JsonSerializer.Serialize(template)}");
            }
        }

        output.WriteLine($"{Tries} templates of seed {Seed}: {refused} refused, at most {most} bytes of memory and {longest.TotalMilliseconds:F1} ms for one");
        Assert.InRange(refused, 1, Tries - 1); // some fail and some render
    }

    private static readonly Dictionary<string, TemplateValue>[] Inputs = [.. Enumerable.Range(0, 8).Select(seed =>
    {
        using JsonDocument document = JsonDocument.Parse(new ProgramGenerator(seed).NextVariables());
        return Rendering.Variables(document.RootElement);
    })];

    private static Dictionary<string, TemplateValue> Variables(int i) => Inputs[i % Inputs.Length];

    private static string Soup(Random random) => string.Join(random.Next(3) == 0 ? "" : " ", Enumerable.Range(0, random.Next(1, 40)).Select(_ => Words[random.Next(Words.Length)]));

    private static string Mutate(Random random, string template)
    {
        int rounds = random.Next(0, 4);
        for (int round = 0; round < rounds; round++)
        {
            int at = random.Next(template.Length + 1);
            int length = Math.Min(random.Next(1, 20), template.Length - at);
            template = random.Next(4) switch
            {
                0 => template.Remove(at, length),
                1 => template.Insert(at, Words[random.Next(Words.Length)]),
                2 => template.Insert(random.Next(template.Length + 1), template.Substring(at, length)),
                _ => template.Remove(at, length).Insert(at, Words[random.Next(Words.Length)]),
            };
        }

        return template;
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
