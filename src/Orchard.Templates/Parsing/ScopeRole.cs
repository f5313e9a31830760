using Orchard.Templates.Evaluation;

namespace Orchard.Templates.Parsing;

/// <summary>The special names that the body of a loop or macro uses. A variable is null until its name is read.</summary>
internal sealed class ScopeRole(ScopeRoleKind kind)
{
    public ScopeRoleKind Kind { get; } = kind;

    public Variable? Loop { get; set; }

    public Variable? Caller { get; set; }

    public Variable? VarArgs { get; set; }

    public Variable? KwArgs { get; set; }

    /// <summary>The names of a macro's parameters.</summary>
    public HashSet<string> Parameters { get; } = new(StringComparer.Ordinal);
}
