using System.Runtime.CompilerServices;
using Orchard.Templates.Evaluation;
using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Limits;

namespace Orchard.Templates.Parsing;

/// <summary>The state of the parser: the current scope, the open blocks, and the nesting depth.</summary>
internal sealed class ParseContext
{
    private readonly TemplateLimits _limits;
    private readonly List<(NameExpression Expression, string Name, Scope Scope)> _names = [];
    private readonly List<FrameLayout> _layouts = [];
    private readonly Dictionary<Scope, ScopeRole> _roles = [];
    private readonly List<(int Line, string What)> _unknown = [];
    private int _expressions;
    private int _statements;

    public ParseContext(TemplateLimits limits)
    {
        _limits = limits;
        Scope = NewScope(NewLayout(), null);
    }

    public Scope Scope { get; private set; }

    /// <summary>The number of open <c>if</c> statements in the scope. Names set in them may stay unset.</summary>
    public int OpenIfs { get; set; }

    /// <summary>The number of loops that <c>break</c> can leave.</summary>
    public int OpenLoops { get; set; }

    public int UnknownCount => _unknown.Count;

    /// <summary>Adds the frame of a function.</summary>
    public FrameLayout NewLayout()
    {
        var layout = new FrameLayout();
        _layouts.Add(layout);
        return layout;
    }

    /// <summary>Returns a scope in the current frame.</summary>
    public Scope NewScope() => NewScope(Scope.Layout, null);

    /// <summary>Returns a scope in a frame.</summary>
    /// <param name="layout">The frame.</param>
    /// <param name="role">The special names of a loop or macro; null for other scopes.</param>
    public Scope NewScope(FrameLayout layout, ScopeRole? role)
    {
        var scope = new Scope(layout, Scope);
        if (role is not null)
        {
            _roles[scope] = role;
        }

        return scope;
    }

    /// <summary>Parses in a scope.</summary>
    public T Within<T>(Scope scope, Func<T> read)
    {
        (Scope outer, int ifs) = (Scope, OpenIfs);
        (Scope, OpenIfs) = (scope, 0);
        T result = read();
        (Scope, OpenIfs) = (outer, ifs);
        return result;
    }

    /// <summary>Parses the body of a function, which cannot leave a loop around it.</summary>
    public T WithoutLoops<T>(Func<T> read)
    {
        int loops = OpenLoops;
        OpenLoops = 0;
        T result = read();
        OpenLoops = loops;
        return result;
    }

    /// <summary>Returns an expression that reads a name.</summary>
    public NameExpression Load(int line, string name)
    {
        DeclareSpecial(name);
        Scope.Load(name);
        var expression = new NameExpression(line, name);
        _names.Add((expression, name, Scope));
        return expression;
    }

    /// <summary>Returns the variable of a name that a statement sets.</summary>
    public Variable Store(int line, string name)
    {
        RefuseLoop(line, name);
        return Scope.Store(name, OpenIfs == 0);
    }

    /// <summary>Returns the variable of a name that has a value from the start of the scope.</summary>
    public Variable Declare(int line, string name)
    {
        RefuseLoop(line, name);
        return Scope.Declare(name);
    }

    /// <summary>Records an unknown filter or test. As in Jinja, one inside an <c>if</c> is an error only when it is evaluated.</summary>
    public void Unknown(int line, string what)
    {
        if (OpenIfs == 0)
        {
            _unknown.Add((line, what));
        }
    }

    /// <summary>Forgets the unknown filters and tests that were recorded after a number of others.</summary>
    public void ForgetUnknown(int since) => _unknown.RemoveRange(since, _unknown.Count - since);

    /// <summary>Returns the expression; fails when it is too high.</summary>
    public T Checked<T>(T expression)
        where T : Expression =>
        expression.Height <= _limits.MaxExpressionHeight
            ? expression
            : throw TemplateException.At(expression.Line, $"an expression has more than {_limits.MaxExpressionHeight} chained operations");

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

    /// <summary>Assigns slots to all names. Returns the number of slots in the template's own frame.</summary>
    public int Complete()
    {
        if (_unknown.Count > 0)
        {
            throw TemplateException.At(_unknown[0].Line, $"there is no {_unknown[0].What}");
        }

        foreach (FrameLayout layout in _layouts)
        {
            layout.Complete();
        }

        foreach ((NameExpression expression, string name, Scope scope) in _names)
        {
            expression.Bind(scope.Resolve(name));
        }

        return _layouts[0].SlotCount;
    }

    private void Deepen(int line, int depth)
    {
        if (depth > _limits.MaxNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TemplateException.At(line, $"the template is nested more than {_limits.MaxNesting} levels deep");
        }
    }

    /// <summary>
    /// Declares <c>loop</c> in the enclosing loop, or <c>caller</c>, <c>varargs</c> or <c>kwargs</c> in the enclosing macros.
    /// </summary>
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
                throw TemplateException.At(line, "'loop' cannot be set within a loop");
            }
        }
    }
}
