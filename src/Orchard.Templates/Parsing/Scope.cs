using Orchard.Templates.Evaluation;

namespace Orchard.Templates.Parsing;

/// <summary>
/// The names that a part of the template sets. As in Jinja, a name set anywhere in a scope belongs to it from its start. Until the scope
/// sets the name, it has the value from around the scope; it is unset when the scope sets it before reading it and it is unknown around.
/// </summary>
internal sealed class Scope(FrameLayout layout, Scope? parent)
{
    private readonly Dictionary<string, Stored> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _loaded = new(StringComparer.Ordinal);

    /// <summary>The frame that the scope's variables are part of.</summary>
    public FrameLayout Layout { get; } = layout;

    public Scope? Parent { get; } = parent;

    public SlotBlock Variables { get; } = layout.AddBlock();

    /// <summary>Records that the scope reads a name.</summary>
    public void Load(string name) => _loaded.Add(name);

    /// <summary>Adds a name that the scope sets at some point.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isCertain">False inside an <c>if</c>, which may leave the name unchanged.</param>
    public Variable Store(string name, bool isCertain) =>
        Add(name, startsUnset: isCertain && !_loaded.Contains(name), isParameter: false);

    /// <summary>Adds a name that has a value from the start of the scope: a parameter of a macro or the variable of a loop.</summary>
    public Variable Declare(string name) => Add(name, startsUnset: true, isParameter: true);

    /// <summary>Returns the slots that may hold a name, innermost first. Called after the layouts are complete.</summary>
    public Binding[] Resolve(string name)
    {
        var bindings = new List<Binding>();
        int depth = 0;
        for (Scope? scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._stored.TryGetValue(name, out Stored? stored))
            {
                bool isFinal = stored.IsParameter || (stored.StartsUnset && !IsKnownAround(scope, name));
                bindings.Add(new Binding(depth, scope.Variables.First + stored.Index, isFinal));
                if (isFinal)
                {
                    break;
                }
            }

            depth += scope.Parent is not null && scope.Parent.Layout != scope.Layout ? 1 : 0;
        }

        return [.. bindings];
    }

    private Variable Add(string name, bool startsUnset, bool isParameter)
    {
        if (!_stored.TryGetValue(name, out Stored? stored))
        {
            _stored[name] = stored = new Stored(Variables.Add(), startsUnset, isParameter);
        }

        return new Variable(Variables, stored.Index);
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
