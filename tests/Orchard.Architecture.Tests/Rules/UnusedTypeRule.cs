using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>
/// Every internal type is reachable from a public type or an entry point of a product project. Types that only tests use are not, and
/// neither are unused types that use one another.
/// </summary>
internal sealed class UnusedTypeRule : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code)
    {
        ILookup<CodeType?, CodeType> uses = code.Uses.ToLookup(use => use.User, use => use.Used);
        HashSet<CodeType> reached = [];
        Queue<CodeType> queue = new(code.Projects.SelectMany(project => Roots(code, project)).Concat(uses[null]));
        while (queue.TryDequeue(out CodeType? type))
        {
            if (reached.Add(type))
            {
                foreach (CodeType used in uses[type])
                {
                    queue.Enqueue(used);
                }
            }
        }

        return
        [
            .. from project in code.Projects
               from type in project.Types
               where !reached.Contains(type)
               select new Violation(project.Name, type.Files[0].Path, $"no product code uses {type.Name}"),
        ];
    }

    private static IEnumerable<CodeType> Roots(CodeBase code, CodeProject project)
    {
        CodeType? program = code.Find(project.Compilation.GetEntryPoint(CancellationToken.None)?.ContainingType);
        return project.Types.Where(type => type.IsPublic || type == program);
    }
}
