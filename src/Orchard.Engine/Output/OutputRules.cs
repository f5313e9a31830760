using Orchard.Engine.Output.Calls;
using Orchard.Grammars;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output;

/// <summary>The syntax and grammar of a prompt's output. Immutable.</summary>
/// <param name="Syntax">The syntax for parsing; null if all of the output is message.</param>
/// <param name="Grammar">The grammar; null for any text.</param>
internal sealed record OutputRules(OutputSyntax? Syntax, Grammar? Grammar)
{
    /// <summary>Compiles the rules of a prompt.</summary>
    /// <exception cref="ArgumentException">The tools or the tool choice are invalid or cannot be satisfied.</exception>
    /// <exception cref="GrammarException">The response format cannot be used.</exception>
    /// <exception cref="SchemaException">A schema cannot be enforced.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static OutputRules Of(WirePrompt prompt, CancellationToken cancellationToken = default)
    {
        var budget = new CompilationBudget(cancellationToken);
        ToolSet tools = prompt.ToolChoice == "none" ? ToolSet.None : ToolSet.Parse(prompt.CallSchemasJson()).Within(budget);
        try
        {
            return Compile(prompt, tools, budget);
        }
        catch (GrammarException) when (tools.Count > 0 && ToolSet.Of(tools.Tools.Select(tool => tool.Simplified())) is var simpler
            && !simpler.Tools.SequenceEqual(tools.Tools))
        {
            return Compile(prompt, simpler, budget.Renewed());
        }
        catch (GrammarException e) when (tools.Count > 0 || prompt.ResponseFormatJson.Contains("json_schema", StringComparison.Ordinal))
        {
            throw new SchemaException("", null, e.Message);
        }
    }

    private static OutputRules Compile(WirePrompt prompt, ToolSet tools, CompilationBudget budget)
    {
        OutputSyntax? syntax = OutputSyntax.Find(prompt, tools);
        CallRule? calls = CallRule.Find(prompt, tools);
        GrammarNode? texts = OutputGrammar.Build(syntax, calls, ResponseFormats.Read(prompt.ResponseFormatJson, budget));
        return new OutputRules(syntax, texts is null ? null : GrammarCompiler.Compile(texts, syntax?.ControlTexts, budget));
    }
}
