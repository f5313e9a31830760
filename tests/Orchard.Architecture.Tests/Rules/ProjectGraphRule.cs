using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>Each project references, and uses types of, only the projects that the table allows.</summary>
internal sealed class ProjectGraphRule(IReadOnlyDictionary<string, string[]> allowed) : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) =>
    [
        .. from project in code.Projects
           where !allowed.ContainsKey(project.Name)
           select new Violation(project.Name, $"{project.Name}.csproj", "the project is not in the table of references"),
        .. from project in code.Projects
           from link in project.Description.References
           where !Allows(project.Name, link.Name)
           select new Violation(project.Name, $"{project.Name}.csproj", $"references {link.Name}"),
        .. from use in code.Uses
           where use.File.Project != use.Used.Project && !Allows(use.File.Project, use.Used.Project)
           select new Violation(use.File.Project, $"{use.File.Path}:{use.Line}", $"uses {use.Used.Name} of {use.Used.Project}"),
    ];

    private bool Allows(string from, string to) => !allowed.TryGetValue(from, out string[]? targets) || targets.Contains(to);
}
