namespace Orchard.Architecture.Tests.Rules.Model;

/// <summary>A reference from one project to another.</summary>
/// <param name="Name">The name of the referenced project.</param>
/// <param name="IsCompiled">Whether the compiler sees the referenced assembly; false for references that only order the build.</param>
internal sealed record ProjectLink(string Name, bool IsCompiled = true);
