using Orchard.Templates.Evaluation;
using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Evaluation.Statements;
using Orchard.Templates.Limits;
using Orchard.Templates.Syntax;

namespace Orchard.Templates.Parsing;

/// <summary>Parses macros and call blocks.</summary>
internal sealed class MacroParser(
    TokenStream tokens, ParseContext context, IExpressionParser expressions, TargetParser targets, IBlockParser blocks)
{
    /// <summary>Parses a macro, after its tag name.</summary>
    public MacroStatement ParseMacro(int line)
    {
        string name = targets.ParseName();
        MacroDefinition definition = ParseMacroBody(name, "endmacro", null);
        return new MacroStatement(line, definition, new VariableTarget(context.Store(line, name)));
    }

    /// <summary>Parses a call block, after its tag name.</summary>
    public CallStatement ParseCall(int line)
    {
        CallExpression? call = null;
        MacroDefinition caller = ParseMacroBody("caller", "endcall", () => call = expressions.Parse() as CallExpression
            ?? throw TemplateException.At(line, "'call' needs a call of a macro"));
        return new CallStatement(line, call!, caller);
    }

    /// <summary>Parses the parameters and the body of a macro.</summary>
    /// <param name="name">The name of the macro.</param>
    /// <param name="endTag">The tag that ends the body.</param>
    /// <param name="afterSignature">
    /// Parses the rest of the tag after the parameters, which belongs to the surrounding scope; null when there is no such part.
    /// </param>
    private MacroDefinition ParseMacroBody(string name, string endTag, Action? afterSignature)
    {
        FrameLayout layout = context.NewLayout();
        var role = new ScopeRole(ScopeRoleKind.Macro);
        Scope scope = context.NewScope(layout, role);
        var parameters = new List<(string Name, Variable Variable, Expression? Default)>();
        if (afterSignature is null || tokens.Current.IsOperator("("))
        {
            context.Within(scope, () => ParseSignature(role, parameters));
        }

        afterSignature?.Invoke();
        Statement[] body = context.WithoutLoops(() => context.Within(scope, () => blocks.ParseBlock(endTag)));
        return new MacroDefinition
        {
            Name = name,
            IsCaller = afterSignature is not null,
            Layout = layout,
            Parameters = [.. parameters],
            Caller = role.Caller,
            VarArgs = role.VarArgs,
            KwArgs = role.KwArgs,
            Body = body,
        };
    }

    private bool ParseSignature(ScopeRole role, List<(string Name, Variable Variable, Expression? Default)> parameters)
    {
        tokens.ExpectOperator("(");
        while (!tokens.Current.IsOperator(")"))
        {
            if (parameters.Count > 0)
            {
                tokens.ExpectOperator(",");
            }

            int line = tokens.Current.Line;
            string name = targets.ParseName();
            Variable variable = context.Scope.Declare(name);
            if (!role.Parameters.Add(name))
            {
                throw TemplateException.At(line, $"the parameter '{name}' is declared twice");
            }

            Expression? fallback = tokens.SkipOperator("=") ? expressions.Parse() : null;
            if (fallback is null && parameters.Count > 0 && parameters[^1].Default is not null)
            {
                throw TemplateException.At(line, $"the parameter '{name}' needs a default because the one before it has a default");
            }

            parameters.Add((name, variable, fallback));
        }

        tokens.ExpectOperator(")");
        return true;
    }
}
