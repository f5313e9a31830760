using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Syntax;

/// <summary>The variables one function of a template needs: the template itself, a macro, a caller or a recursive loop's body.</summary>
internal sealed class FunctionScope(FunctionScope? parent)
{
    private readonly List<Scope> _scopes = [];

    public FunctionScope? Parent { get; } = parent;

    /// <summary>Known when the whole template is read.</summary>
    public int SlotCount { get; private set; }

    public void Add(Scope scope) => _scopes.Add(scope);

    public void AssignSlots()
    {
        foreach (Scope scope in _scopes)
        {
            SlotCount = scope.AssignSlots(SlotCount);
        }
    }
}

/// <summary>
/// The names a part of the template sets. As in Jinja, a name set anywhere in a scope belongs to it from the scope's start, where
/// it has the value from around the scope, and none when the scope sets it before it reads it and nothing around knows it.
/// </summary>
internal sealed class Scope
{
    private readonly Dictionary<string, Stored> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _loaded = new(StringComparer.Ordinal);

    public Scope(FunctionScope function, Scope? parent)
    {
        Function = function;
        Parent = parent;
        function.Add(this);
    }

    public FunctionScope Function { get; }

    public Scope? Parent { get; }

    public int FirstSlot { get; private set; }

    public int SlotCount => _stored.Count;

    public void Load(string name) => _loaded.Add(name);

    /// <param name="name">The variable.</param>
    /// <param name="isCertain">False inside an <c>if</c>, which may leave the name as it was.</param>
    public Variable Store(string name, bool isCertain)
    {
        if (!_stored.TryGetValue(name, out Stored? stored))
        {
            _stored[name] = stored = new Stored(_stored.Count, StartsUnset: isCertain && !_loaded.Contains(name), IsParameter: false);
        }

        return new Variable(this, stored.Index);
    }

    /// <summary>A name that has a value from the scope's start: a macro's parameter or a loop's variable.</summary>
    public Variable Declare(string name)
    {
        if (!_stored.TryGetValue(name, out Stored? stored))
        {
            _stored[name] = stored = new Stored(_stored.Count, StartsUnset: true, IsParameter: true);
        }

        return new Variable(this, stored.Index);
    }

    public int AssignSlots(int first)
    {
        FirstSlot = first;
        return first + _stored.Count;
    }

    /// <summary>Where a name may be found, innermost first; the caller's variables come after all of them unless one is final.</summary>
    public List<Binding> Resolve(string name)
    {
        var bindings = new List<Binding>();
        int depth = 0;
        for (Scope? scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._stored.TryGetValue(name, out Stored? stored))
            {
                bool isFinal = stored.IsParameter || (stored.StartsUnset && !IsKnownAround(scope, name));
                bindings.Add(new Binding(depth, scope.FirstSlot + stored.Index, isFinal));
                if (isFinal)
                {
                    break;
                }
            }

            depth += scope.Parent is not null && scope.Parent.Function != scope.Function ? 1 : 0;
        }

        return bindings;
    }

    private static bool IsKnownAround(Scope scope, string name)
    {
        for (Scope? around = scope.Parent; around is not null; around = around.Parent)
        {
            if (around._loaded.Contains(name) || around._stored.ContainsKey(name))
            {
                return true;
            }
        }

        return false;
    }

    private sealed record Stored(int Index, bool StartsUnset, bool IsParameter);
}

/// <summary>A place to look for a name: how many functions out, and where there. After a final one there is no other.</summary>
internal readonly record struct Binding(int Depth, int Slot, bool IsFinal);

/// <summary>A variable of the scope being executed.</summary>
internal readonly record struct Variable(Scope Scope, int Index)
{
    public void Set(Run run, TemplateValue value) => run.Frame.Slots[Scope.FirstSlot + Index] = value;

    public TemplateValue Get(Run run) => run.Frame.Slots[Scope.FirstSlot + Index];
}
