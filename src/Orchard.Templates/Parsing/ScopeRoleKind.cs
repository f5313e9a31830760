namespace Orchard.Templates.Parsing;

internal enum ScopeRoleKind : byte
{
    Loop,
    Macro,
}
