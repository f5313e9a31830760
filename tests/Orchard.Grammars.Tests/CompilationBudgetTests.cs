using System.Text;
using System.Text.Json;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Gbnf;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Regular;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Grammars.Tests;

public sealed class CompilationBudgetTests
{
    private static readonly Dictionary<string, Action<CompilationBudget>> All = new()
    {
        ["a regular expression"] = budget => Pattern.Whole("a{3}", budget),
        ["GBNF"] = budget => GbnfParser.Parse("root ::= \"a\"", budget),
        ["a schema"] = budget => SchemaCompiler.Compile(Json("""{"type":"object"}"""), new SchemaGaps(isStrict: true, budget)),
        ["a pattern of a schema"] = budget => SchemaCompiler.Compile(Json("""{"type":"string","pattern":"a{3}"}"""), new SchemaGaps(isStrict: true, budget)),
        ["the arguments of a tool"] = budget => SchemaCompiler.CompileArguments(Json("""{"type":"object"}"""), new SchemaGaps(isStrict: true, budget)),
        ["each argument of a tool"] = budget => SchemaCompiler.CompileEach(Json("""{"properties":{"a":{}}}"""), "end", new SchemaGaps(isStrict: true, budget)),
        ["a grammar"] = budget => GrammarCompiler.Compile(GrammarNode.Literal("a"), budget: budget),
    };

    public static TheoryData<string> Compilations { get; } = [.. All.Keys];

    [Theory]
    [MemberData(nameof(Compilations))]
    public void Compile_Cancelled_Ends(string what) =>
        Assert.Throws<OperationCanceledException>(() => All[what](new CompilationBudget(new CancellationToken(canceled: true))));

    [Theory]
    [MemberData(nameof(Compilations))]
    public void Compile_BudgetThatOthersHaveSpent_IsRefused(string what)
    {
        var budget = new CompilationBudget();
        Assert.Throws<GrammarException>(() => budget.Spend(int.MaxValue / 2));

        Exception error = Assert.ThrowsAny<Exception>(() => All[what](budget));

        Assert.True(error is GrammarException or SchemaException, $"{what}: {error}");
        Assert.Contains("too much work", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SpendBytes_MoreThanThereAre_IsRefused()
    {
        var budget = new CompilationBudget();
        budget.SpendBytes(1 << 20);

        Assert.Contains("memory", Assert.Throws<GrammarException>(() => budget.SpendBytes(1L << 40)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gbnf_LongChainOfRulesInTheWorstOrder_IsRefusedInsteadOfTakingMinutes()
    {
        // Every rule depends on the one before it, so one round of the analysis learns only one rule.
        var gbnf = new StringBuilder("root ::=");
        for (int i = 0; i < 40_000; i++)
        {
            gbnf.Append(" r").Append(i);
        }

        gbnf.Append("\nr0 ::= \"a\"\n");
        for (int i = 1; i < 40_000; i++)
        {
            gbnf.Append('r').Append(i).Append(" ::= r").Append(i - 1).Append('\n');
        }

        var error = Assert.Throws<GrammarException>(() => GrammarCompiler.Compile(GbnfParser.Parse(gbnf.ToString())));

        Assert.Contains("too much work", error.Message, StringComparison.Ordinal);
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
