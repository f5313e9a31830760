using System.Runtime.CompilerServices;

namespace Orchard.Templates.Syntax;

/// <summary>Where the parser is: the scope names belong to, what can be left, and how deep it nests.</summary>
internal sealed class ParseContext
{
    private readonly TemplateLimits _limits;
    private readonly List<(NameExpression Name, Scope Scope)> _names = [];
    private readonly List<FunctionScope> _functions = [];
    private readonly Dictionary<Scope, ScopeRole> _roles = [];
    private readonly List<(int Line, string What)> _unknown = [];
    private int _expressions;
    private int _statements;

    public ParseContext(TemplateLimits limits)
    {
        _limits = limits;
        Scope = NewScope(NewFunction(null), null);
    }

    public Scope Scope { get; private set; }

    /// <summary>How many <c>if</c> statements are open within the scope: what they set is not certain to be set.</summary>
    public int OpenIfs { get; set; }

    /// <summary>How many loops <c>break</c> could leave.</summary>
    public int OpenLoops { get; set; }

    public int UnknownCount => _unknown.Count;

    public FunctionScope NewFunction(FunctionScope? parent)
    {
        var function = new FunctionScope(parent);
        _functions.Add(function);
        return function;
    }

    public Scope NewScope(FunctionScope function, ScopeRole? role)
    {
        var scope = new Scope(function, Scope);
        if (role is not null)
        {
            _roles[scope] = role;
        }

        return scope;
    }

    /// <summary>Reads with the scope being the given one.</summary>
    public T Within<T>(Scope scope, Func<T> read)
    {
        (Scope outer, int ifs) = (Scope, OpenIfs);
        (Scope, OpenIfs) = (scope, 0);
        T result = read();
        (Scope, OpenIfs) = (outer, ifs);
        return result;
    }

    /// <summary>Reads as in a function of its own: a loop outside cannot be left from within.</summary>
    public T WithoutLoops<T>(Func<T> read)
    {
        int loops = OpenLoops;
        OpenLoops = 0;
        T result = read();
        OpenLoops = loops;
        return result;
    }

    public NameExpression Load(int line, string name)
    {
        DeclareSpecial(name);
        Scope.Load(name);
        var expression = new NameExpression(line, name);
        _names.Add((expression, Scope));
        return expression;
    }

    public Variable Store(int line, string name)
    {
        RefuseLoop(line, name);
        return Scope.Store(name, OpenIfs == 0);
    }

    public Variable Declare(int line, string name)
    {
        RefuseLoop(line, name);
        return Scope.Declare(name);
    }

    /// <summary>Remembers a filter or test that does not exist. As in Jinja, one behind an <c>if</c> matters only when it is reached.</summary>
    public void Unknown(int line, string what)
    {
        if (OpenIfs == 0)
        {
            _unknown.Add((line, what));
        }
    }

    public void ForgetUnknown(int since) => _unknown.RemoveRange(since, _unknown.Count - since);

    public T Made<T>(T expression)
        where T : Expression =>
        expression.Height <= _limits.MaxExpressionHeight
            ? expression
            : throw TemplateException.At(expression.Line, $"an expression is more than {_limits.MaxExpressionHeight} operations high");

    public T NestedExpression<T>(int line, Func<T> read)
    {
        Deepen(line, ++_expressions);
        T result = read();
        _expressions--;
        return result;
    }

    public T NestedStatement<T>(int line, Func<T> read)
    {
        Deepen(line, ++_statements);
        T result = read();
        _statements--;
        return result;
    }

    /// <summary>Finds each name its place, now that all scopes are known. Returns the slots the template itself needs.</summary>
    public int Complete()
    {
        if (_unknown.Count > 0)
        {
            throw TemplateException.At(_unknown[0].Line, $"there is no {_unknown[0].What}");
        }

        foreach (FunctionScope function in _functions)
        {
            function.AssignSlots();
        }

        foreach ((NameExpression name, Scope scope) in _names)
        {
            name.Bind(scope);
        }

        return _functions[0].SlotCount;
    }

    private void Deepen(int line, int depth)
    {
        if (depth > _limits.MaxNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TemplateException.At(line, $"it nests more than {_limits.MaxNesting} deep");
        }
    }

    /// <summary>Declares <c>loop</c> in the loop around, or <c>caller</c>, <c>varargs</c> and <c>kwargs</c> in the macros around.</summary>
    private void DeclareSpecial(string name)
    {
        if (name is not ("loop" or "caller" or "varargs" or "kwargs"))
        {
            return;
        }

        for (Scope? scope = Scope; scope is not null; scope = scope.Parent)
        {
            ScopeRole? role = _roles.GetValueOrDefault(scope);
            if (name == "loop" && role?.Kind == ScopeRoleKind.Loop)
            {
                role.Loop ??= scope.Declare(name);
                return;
            }

            if (name == "loop" || role?.Kind != ScopeRoleKind.Macro || role.Parameters.Contains(name))
            {
                continue;
            }

            switch (name)
            {
                case "caller":
                    role.Caller ??= scope.Declare(name);
                    break;
                case "varargs":
                    role.VarArgs ??= scope.Declare(name);
                    break;
                default:
                    role.KwArgs ??= scope.Declare(name);
                    break;
            }
        }
    }

    private void RefuseLoop(int line, string name)
    {
        if (name != "loop")
        {
            return;
        }

        for (Scope? scope = Scope; scope is not null; scope = scope.Parent)
        {
            if (_roles.GetValueOrDefault(scope)?.Kind == ScopeRoleKind.Loop)
            {
                throw TemplateException.At(line, "'loop' is set within a loop, which has its own");
            }
        }
    }
}

internal enum ScopeRoleKind : byte
{
    Loop,
    Macro,
}

/// <summary>What a scope is the body of, and which of its special names are used there.</summary>
internal sealed class ScopeRole(ScopeRoleKind kind)
{
    public ScopeRoleKind Kind { get; } = kind;

    public Variable? Loop { get; set; }

    public Variable? Caller { get; set; }

    public Variable? VarArgs { get; set; }

    public Variable? KwArgs { get; set; }

    public HashSet<string> Parameters { get; } = new(StringComparer.Ordinal);
}
