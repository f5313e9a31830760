namespace Orchard.Templates.Syntax;

/// <summary>A template ready to be rendered.</summary>
internal sealed record CompiledTemplate(Statement[] Body, int SlotCount);

/// <summary>Reads statements.</summary>
internal sealed class TemplateParser
{
    private readonly TokenStream _tokens;
    private readonly ParseContext _context;
    private readonly ExpressionParser _expressions;

    private TemplateParser(List<Token> tokens, TemplateLimits limits)
    {
        _tokens = new TokenStream(tokens);
        _context = new ParseContext(limits);
        _expressions = new ExpressionParser(_tokens, _context);
    }

    public static CompiledTemplate Parse(string source, TemplateLimits limits)
    {
        if (source.Length > limits.MaxSourceLength)
        {
            throw TemplateException.At(1, $"it is {source.Length} characters long, more than {limits.MaxSourceLength}");
        }

        var parser = new TemplateParser(Lexer.Tokenize(source), limits);
        Statement[] body = parser.ParseBody([]);
        return new CompiledTemplate(body, parser._context.Complete());
    }

    /// <summary>Reads up to one of the tags, which becomes the current token; up to the template's end when there are none.</summary>
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

    /// <summary>The rest of an opening tag, then the block's body. The end tag is the current token when it is one of several.</summary>
    private Statement[] ParseBlock(params string[] endTags)
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
                return ParseFor(tag.Line);
            case "set":
                return ParseSet(tag.Line);
            case "macro":
                return ParseMacro(tag.Line);
            case "call":
                return ParseCall(tag.Line);
            case "filter":
                return ParseFilterBlock(tag.Line);
            case "with":
                return ParseWith(tag.Line);
            case "generation":
                Scope scope = _context.NewScope(_context.Scope.Function, null);
                return new ScopeStatement(
                    tag.Line, scope, [], _context.WithoutLoops(() => _context.Within(scope, () => ParseBlock("endgeneration"))));
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

    private ForStatement ParseFor(int line)
    {
        TargetPattern pattern = ParsePattern(endName: "in");
        _tokens.ExpectName("in");
        Expression items = _expressions.ParseTuple(allowsCondition: false, endName: "recursive");

        FunctionScope outer = _context.Scope.Function;
        bool isRecursive = _tokens.TagEndsWith("recursive");
        FunctionScope function = isRecursive ? _context.NewFunction(outer) : outer;
        LoopFilter? filter = null;
        if (_tokens.SkipName("if"))
        {
            Scope filterScope = _context.NewScope(function, null);
            filter = _context.Within(
                filterScope, () => new LoopFilter(filterScope, pattern.Bind(_context.Declare), _expressions.Parse()));
        }

        if (isRecursive)
        {
            _tokens.ExpectName("recursive");
        }

        var role = new ScopeRole(ScopeRoleKind.Loop);
        Scope scope = _context.NewScope(function, role);
        if (isRecursive)
        {
            role.Loop = scope.Declare("loop");
        }

        Target target = null!;
        _context.OpenLoops++;
        Statement[] body = _context.Within(scope, () =>
        {
            target = pattern.Bind((at, name) => name == "loop"
                ? throw TemplateException.At(at, "'loop' is set within a loop, which has its own")
                : scope.Declare(name));
            return ParseBlock("else", "endfor");
        });
        _context.OpenLoops--;

        Statement? otherwise = null;
        if (_tokens.Next().Text == "else")
        {
            Scope elseScope = _context.NewScope(function, null);
            otherwise = new ScopeStatement(_tokens.Current.Line, elseScope, [], _context.Within(elseScope, () => ParseBlock("endfor")));
        }

        return new ForStatement(line)
        {
            Items = items,
            Target = target,
            Filter = filter,
            Scope = scope,
            Loop = role.Loop,
            Body = body,
            Else = otherwise,
            IsRecursive = isRecursive,
        };
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

        TargetPattern pattern = ParsePattern(endName: null);
        return ParseSetValue(line, () => pattern.Bind(_context.Store));
    }

    private Statement ParseSetValue(int line, Func<Target> target)
    {
        if (_tokens.SkipOperator("="))
        {
            // The value is read before the name is set: it may use what the name was before.
            Expression value = _expressions.ParseTuple();
            return new SetStatement(line, target(), value);
        }

        Scope scope = _context.NewScope(_context.Scope.Function, null);
        FilterExpression? filter = _context.Within(scope, () => _expressions.ParseBlockFilters(startsWithName: false));
        Statement[] body = _context.Within(scope, () => ParseBlock("endset"));
        return new CaptureStatement(line, scope, target(), filter, body);
    }

    private CaptureStatement ParseFilterBlock(int line)
    {
        FilterExpression? filter = _expressions.ParseBlockFilters(startsWithName: true);
        Scope scope = _context.NewScope(_context.Scope.Function, null);
        return new CaptureStatement(line, scope, null, filter, _context.Within(scope, () => ParseBlock("endfilter")));
    }

    private ScopeStatement ParseWith(int line)
    {
        Scope scope = _context.NewScope(_context.Scope.Function, null);
        var variables = new List<(Target Target, Expression Value)>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (variables.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            TargetPattern pattern = ParsePattern(endName: null);
            _tokens.ExpectOperator("=");
            variables.Add((_context.Within(scope, () => pattern.Bind(_context.Declare)), _expressions.Parse()));
        }

        return new ScopeStatement(line, scope, [.. variables], _context.Within(scope, () => ParseBlock("endwith")));
    }

    private MacroStatement ParseMacro(int line)
    {
        string name = ParseName();
        MacroDefinition definition = ParseMacroBody(name, "endmacro", null);
        return new MacroStatement(line, definition, new VariableTarget(_context.Store(line, name)));
    }

    private CallStatement ParseCall(int line)
    {
        CallExpression? call = null;
        MacroDefinition caller = ParseMacroBody("caller", "endcall", () => call = _expressions.Parse() as CallExpression
            ?? throw TemplateException.At(line, "'call' needs the call of a macro"));
        return new CallStatement(line, call!, caller);
    }

    /// <param name="name">The macro's.</param>
    /// <param name="endTag">Ends the body.</param>
    /// <param name="afterSignature">Reads what stands between the parameters and the body, outside the macro.</param>
    private MacroDefinition ParseMacroBody(string name, string endTag, Action? afterSignature)
    {
        FunctionScope function = _context.NewFunction(_context.Scope.Function);
        var role = new ScopeRole(ScopeRoleKind.Macro);
        Scope scope = _context.NewScope(function, role);
        var parameters = new List<(string Name, Variable Variable, Expression? Default)>();
        if (afterSignature is null || _tokens.Current.IsOperator("("))
        {
            _context.Within(scope, () => ParseSignature(role, parameters));
        }

        afterSignature?.Invoke();
        Statement[] body = _context.WithoutLoops(() => _context.Within(scope, () => ParseBlock(endTag)));
        return new MacroDefinition
        {
            Name = name,
            IsCaller = afterSignature is not null,
            Scope = scope,
            Parameters = [.. parameters],
            Caller = role.Caller,
            VarArgs = role.VarArgs,
            KwArgs = role.KwArgs,
            Body = body,
        };
    }

    private bool ParseSignature(ScopeRole role, List<(string Name, Variable Variable, Expression? Default)> parameters)
    {
        _tokens.ExpectOperator("(");
        while (!_tokens.Current.IsOperator(")"))
        {
            if (parameters.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            int line = _tokens.Current.Line;
            string name = ParseName();
            Variable variable = _context.Scope.Declare(name);
            if (!role.Parameters.Add(name))
            {
                throw TemplateException.At(line, $"the parameter '{name}' is declared twice");
            }

            Expression? fallback = _tokens.SkipOperator("=") ? _expressions.Parse() : null;
            if (fallback is null && parameters.Count > 0 && parameters[^1].Default is not null)
            {
                throw TemplateException.At(line, $"the parameter '{name}' needs a default, as the one before it has one");
            }

            parameters.Add((name, variable, fallback));
        }

        _tokens.ExpectOperator(")");
        return true;
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
            _ => new PrintStatement(line, _context.Made(new ConcatExpression(line, values))),
        };
    }

    private MissingFileStatement ParseFileStatement(Token tag)
    {
        Expression file = _expressions.Parse();
        while (_tokens.Current.Kind is TokenKind.Name || _tokens.Current.IsOperator(","))
        {
            // What it would bring is set, so that names after it are read as in Jinja.
            Token name = _tokens.Next();
            if (name.Kind == TokenKind.Name && name.Text is not ("import" or "as" or "with" or "without" or "context" or "ignore" or "missing"))
            {
                _context.Store(name.Line, name.Text);
            }
        }

        return new MissingFileStatement(tag.Line, tag.Text, file);
    }

    private string ParseName()
    {
        Token token = _tokens.Expect(TokenKind.Name, "a name");
        return IsConstant(token.Text) ? throw TemplateException.At(token.Line, $"'{token.Text}' cannot be set") : token.Text;
    }

    private static bool IsConstant(string name) => name is "true" or "false" or "none" or "True" or "False" or "None";

    private TargetPattern ParsePattern(string? endName)
    {
        int line = _tokens.Current.Line;
        var parts = new List<TargetPattern>();
        bool isTuple = false;
        while (!(parts.Count > 0 && (_tokens.Current.IsOperator(")") || (endName is not null && _tokens.Current.IsName(endName)))))
        {
            if (_tokens.SkipOperator("("))
            {
                parts.Add(_context.NestedExpression(line, () => ParsePattern(null)));
                _tokens.ExpectOperator(")");
            }
            else
            {
                parts.Add(new TargetPattern(line, ParseName(), []));
            }

            if (!_tokens.SkipOperator(","))
            {
                break;
            }

            isTuple = true;
        }

        return isTuple ? new TargetPattern(line, null, [.. parts]) : parts[0];
    }

    /// <summary>What is assigned to, before it is known in which scope.</summary>
    private sealed record TargetPattern(int Line, string? Name, TargetPattern[] Parts)
    {
        public Target Bind(Func<int, string, Variable> declare) => Name is not null
            ? new VariableTarget(declare(Line, Name))
            : new TupleTarget(Line, [.. Parts.Select(part => part.Bind(declare))]);
    }
}
