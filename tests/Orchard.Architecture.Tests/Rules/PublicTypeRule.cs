using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>The project has no public types: it is an implementation detail of the projects that are its friends.</summary>
internal sealed class PublicTypeRule(string project) : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) =>
    [
        .. from owner in code.Projects
           where owner.Name == project
           from type in owner.Types
           where type.IsPublic
           select new Violation(project, type.Files[0].Path, $"{type.Name} is public"),
    ];
}
