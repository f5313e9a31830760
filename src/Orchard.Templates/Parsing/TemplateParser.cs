using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Evaluation.Statements;
using Orchard.Templates.Library;
using Orchard.Templates.Limits;
using Orchard.Templates.Syntax;

namespace Orchard.Templates.Parsing;

/// <summary>Parses templates.</summary>
internal sealed class TemplateParser : IBlockParser
{
    private readonly TokenStream _tokens;
    private readonly ParseContext _context;
    private readonly ExpressionParser _expressions;
    private readonly TargetParser _targets;
    private readonly LoopParser _loops;
    private readonly MacroParser _macros;

    private TemplateParser(List<Token> tokens, TemplateLimits limits)
    {
        _tokens = new TokenStream(tokens);
        _context = new ParseContext(limits);
        _expressions = new ExpressionParser(_tokens, _context);
        _targets = new TargetParser(_tokens, _context);
        _loops = new LoopParser(_tokens, _context, _expressions, _targets, this);
        _macros = new MacroParser(_tokens, _context, _expressions, _targets, this);
    }

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateException">The source is not a valid template, or it exceeds a limit.</exception>
    public static CompiledTemplate Parse(string source, TemplateLimits limits)
    {
        if (source.Length > limits.MaxSourceLength)
        {
            throw TemplateException.At(
                1, $"the template is {source.Length} characters long, more than the limit of {limits.MaxSourceLength}");
        }

        var parser = new TemplateParser(Lexer.Tokenize(source), limits);
        Statement[] body = parser.ParseBody([]);
        return new CompiledTemplate(body, parser._context.Complete());
    }

    /// <summary>
    /// Parses up to one of the end tags, which becomes the current token; to the end of the template when there are no end tags.
    /// </summary>
    private Statement[] ParseBody(string[] endTags)
    {
        var body = new List<Statement>();
        while (true)
        {
            Token token = _tokens.Current;
            switch (token.Kind)
            {
                case TokenKind.Data:
                    _tokens.Next();
                    body.Add(new TextStatement(token.Line, token.Text));
                    break;
                case TokenKind.PrintBegin:
                    _tokens.Next();
                    Expression value = _expressions.ParseTuple();
                    _tokens.Expect(TokenKind.PrintEnd, "'}}'");
                    body.Add(new PrintStatement(token.Line, value));
                    break;
                case TokenKind.BlockBegin:
                    _tokens.Next();
                    if (_tokens.Current.Kind == TokenKind.Name && endTags.Contains(_tokens.Current.Text))
                    {
                        return [.. body];
                    }

                    Statement? statement = _context.NestedStatement(token.Line, () => ParseStatement(endTags));
                    _tokens.Expect(TokenKind.BlockEnd, "'%}'");
                    if (statement is not null)
                    {
                        body.Add(statement);
                    }

                    break;
                case TokenKind.End when endTags.Length == 0:
                    return [.. body];
                default:
                    throw _tokens.Expected($"'{{% {endTags[^1]} %}}'");
            }
        }
    }

    public Statement[] ParseBlock(params string[] endTags)
    {
        _tokens.SkipOperator(":");
        _tokens.Expect(TokenKind.BlockEnd, "'%}'");
        Statement[] body = ParseBody(endTags);
        if (endTags.Length == 1)
        {
            _tokens.Next();
        }

        return body;
    }

    private Statement? ParseStatement(string[] endTags)
    {
        Token tag = _tokens.Expect(TokenKind.Name, "the name of a tag");
        switch (tag.Text)
        {
            case "if":
                return ParseIf(tag.Line);
            case "for":
                return _loops.Parse(tag.Line);
            case "set":
                return ParseSet(tag.Line);
            case "macro":
                return _macros.ParseMacro(tag.Line);
            case "call":
                return _macros.ParseCall(tag.Line);
            case "filter":
                return ParseFilterBlock(tag.Line);
            case "with":
                return ParseWith(tag.Line);
            case "generation":
                Scope scope = _context.NewScope();
                return new ScopeStatement(
                    tag.Line, scope.Variables, [], _context.WithoutLoops(() => _context.Within(scope, () => ParseBlock("endgeneration"))));
            case "print":
                return ParsePrint(tag.Line);
            case "break" or "continue":
                return _context.OpenLoops > 0
                    ? new LeaveStatement(tag.Line, tag.Text == "break" ? Flow.Break : Flow.Continue)
                    : throw TemplateException.At(tag.Line, $"'{tag.Text}' is not within a loop");
            case "import" or "include" or "extends" or "from":
                return ParseFileStatement(tag);
            default:
                string expected = endTags.Length == 0 ? string.Empty : $"; '{string.Join("' or '", endTags)}' was expected";
                throw TemplateException.At(tag.Line, $"there is no tag '{tag.Text}' in chat templates{expected}");
        }
    }

    private IfStatement ParseIf(int line)
    {
        var branches = new List<(Expression Test, Statement[] Body)>();
        Statement[] otherwise = [];
        _context.OpenIfs++;
        while (true)
        {
            Expression test = _expressions.ParseTuple(allowsCondition: false);
            branches.Add((test, ParseBlock("elif", "else", "endif")));
            string end = _tokens.Next().Text;
            if (end == "elif")
            {
                continue;
            }

            if (end == "else")
            {
                otherwise = ParseBlock("endif");
            }

            break;
        }

        _context.OpenIfs--;
        return new IfStatement(line, [.. branches], otherwise);
    }

    private Statement ParseSet(int line)
    {
        if (_tokens.Ahead.IsOperator("."))
        {
            string space = _tokens.Expect(TokenKind.Name, "the name of a namespace").Text;
            _tokens.Next();
            string member = _tokens.Expect(TokenKind.Name, "a name").Text;
            Target memberTarget = new MemberTarget(line, _context.Load(line, space), member);
            return ParseSetValue(line, () => memberTarget);
        }

        TargetPattern pattern = _targets.ParsePattern(endName: null);
        return ParseSetValue(line, () => pattern.Bind(_context.Store));
    }

    private Statement ParseSetValue(int line, Func<Target> target)
    {
        if (_tokens.SkipOperator("="))
        {
            // The value is parsed first, because it may read the previous value of the name.
            Expression value = _expressions.ParseTuple();
            return new SetStatement(line, target(), value);
        }

        Scope scope = _context.NewScope();
        FilterExpression? filter = _context.Within(scope, () => _expressions.ParseBlockFilters(startsWithName: false));
        Statement[] body = _context.Within(scope, () => ParseBlock("endset"));
        return new CaptureStatement(line, scope.Variables, target(), filter, body);
    }

    private CaptureStatement ParseFilterBlock(int line)
    {
        FilterExpression? filter = _expressions.ParseBlockFilters(startsWithName: true);
        Scope scope = _context.NewScope();
        return new CaptureStatement(line, scope.Variables, null, filter, _context.Within(scope, () => ParseBlock("endfilter")));
    }

    private ScopeStatement ParseWith(int line)
    {
        Scope scope = _context.NewScope();
        var variables = new List<(Target Target, Expression Value)>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (variables.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            TargetPattern pattern = _targets.ParsePattern(endName: null);
            _tokens.ExpectOperator("=");
            variables.Add((_context.Within(scope, () => pattern.Bind(_context.Declare)), _expressions.Parse()));
        }

        return new ScopeStatement(line, scope.Variables, [.. variables], _context.Within(scope, () => ParseBlock("endwith")));
    }

    private PrintStatement? ParsePrint(int line)
    {
        var values = new List<Expression>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            values.Add(_expressions.Parse());
        }

        return values.Count switch
        {
            0 => null,
            1 => new PrintStatement(line, values[0]),
            _ => new PrintStatement(line, _context.Checked(new ConcatExpression(line, values))),
        };
    }

    private MissingFileStatement ParseFileStatement(Token tag)
    {
        Expression file = _expressions.Parse();
        while (_tokens.Current.Kind is TokenKind.Name || _tokens.Current.IsOperator(","))
        {
            // The names that it would import count as set, so that later reads of them resolve as in Jinja.
            Token name = _tokens.Next();
            if (name.Kind == TokenKind.Name
                && name.Text is not ("import" or "as" or "with" or "without" or "context" or "ignore" or "missing"))
            {
                _context.Store(name.Line, name.Text);
            }
        }

        return new MissingFileStatement(tag.Line, tag.Text, file);
    }


}
