using Orchard.Grammars;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Output;

/// <summary>What is known of a prompt's output before there is any. Immutable.</summary>
/// <param name="Syntax">Its form, by which it is taken apart; null when all of it is message.</param>
/// <param name="Grammar">The texts it may be; null: any.</param>
internal sealed record OutputRules(OutputSyntax? Syntax, Grammar? Grammar)
{
    /// <exception cref="ArgumentException">Tools or their choice cannot be read, or not be met.</exception>
    /// <exception cref="GrammarException">The response format cannot be used.</exception>
    /// <exception cref="SchemaException">A schema cannot be enforced.</exception>
    public static OutputRules Of(PromptFrame prompt)
    {
        ToolSet tools = prompt.ToolChoice == "none" ? ToolSet.None : ToolSet.Parse(prompt.CallSchemasJson());
        OutputSyntax? syntax = OutputSyntax.Find(prompt, tools);
        CallRule? calls = CallRule.Find(prompt, tools);
        GrammarNode? texts = OutputGrammar.Build(syntax, calls, ResponseFormats.Read(prompt.ResponseFormatJson));
        try
        {
            return new OutputRules(syntax, texts is null ? null : GrammarCompiler.Compile(texts, syntax?.ControlTexts));
        }
        catch (GrammarException e) when (tools.Count > 0 || prompt.ResponseFormatJson.Contains("json_schema", StringComparison.Ordinal))
        {
            throw new SchemaException("", null, e.Message);
        }
    }
}
