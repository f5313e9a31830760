using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>No namespace with the prefix declares types in more than one project.</summary>
internal sealed class NamespaceRule(string prefix) : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) =>
    [
        .. from project in code.Projects
           from type in project.Types
           where type.Namespace == prefix || type.Namespace.StartsWith(prefix + ".", StringComparison.Ordinal)
           group type by type.Namespace into declared
           let projects = declared.Select(type => type.Project).Distinct().ToList()
           where projects.Count > 1
           from name in projects
           let type = declared.First(type => type.Project == name)
           let others = string.Join(" and ", projects.Where(other => other != name))
           select new Violation(name, type.Files[0].Path, $"the namespace {declared.Key} is also in {others}"),
    ];
}
