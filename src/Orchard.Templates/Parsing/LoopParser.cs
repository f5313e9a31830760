using Orchard.Templates.Evaluation;
using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Evaluation.Statements;
using Orchard.Templates.Library;
using Orchard.Templates.Limits;
using Orchard.Templates.Syntax;

namespace Orchard.Templates.Parsing;

/// <summary>Parses loops.</summary>
internal sealed class LoopParser(
    TokenStream tokens, ParseContext context, IExpressionParser expressions, TargetParser targets, IBlockParser blocks)
{
    /// <summary>Parses a loop, after its tag name.</summary>
    public ForStatement Parse(int line)
    {
        TargetPattern pattern = targets.ParsePattern(endName: "in");
        tokens.ExpectName("in");
        Expression items = expressions.ParseTuple(allowsCondition: false, endName: "recursive");

        bool isRecursive = tokens.TagEndsWith("recursive");
        FrameLayout layout = isRecursive ? context.NewLayout() : context.Scope.Layout;
        LoopFilter? filter = null;
        if (tokens.SkipName("if"))
        {
            Scope filterScope = context.NewScope(layout, null);
            filter = context.Within(
                filterScope, () => new LoopFilter(filterScope.Variables, pattern.Bind(context.Declare), expressions.Parse()));
        }

        if (isRecursive)
        {
            tokens.ExpectName("recursive");
        }

        var role = new ScopeRole(ScopeRoleKind.Loop);
        Scope scope = context.NewScope(layout, role);
        if (isRecursive)
        {
            role.Loop = scope.Declare("loop");
        }

        Target target = null!;
        context.OpenLoops++;
        Statement[] body = context.Within(scope, () =>
        {
            target = pattern.Bind((at, name) => name == "loop"
                ? throw TemplateException.At(at, "'loop' cannot be set within a loop")
                : scope.Declare(name));
            return blocks.ParseBlock("else", "endfor");
        });
        context.OpenLoops--;

        Statement? otherwise = null;
        if (tokens.Next().Text == "else")
        {
            Scope elseScope = context.NewScope(layout, null);
            int elseLine = tokens.Current.Line;
            otherwise = new ScopeStatement(
                elseLine, elseScope.Variables, [], context.Within(elseScope, () => blocks.ParseBlock("endfor")));
        }

        return new ForStatement(line)
        {
            Items = items,
            Target = target,
            Filter = filter,
            Variables = scope.Variables,
            Layout = layout,
            Loop = role.Loop,
            Body = body,
            Else = otherwise,
            IsRecursive = isRecursive,
        };
    }
}
