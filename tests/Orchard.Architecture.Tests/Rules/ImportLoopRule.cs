using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>
/// No file uses a type of a file that uses one of its own, directly or through others. The files of a partial type count as one.
/// </summary>
internal sealed class ImportLoopRule : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code) => [.. code.Projects.SelectMany(project => CheckProject(code, project))];

    private static IEnumerable<Violation> CheckProject(CodeBase code, CodeProject project)
    {
        Dictionary<SourceFile, SourceFile> units = Units(project);
        Dictionary<SourceFile, Dictionary<SourceFile, List<TypeUse>>> graph =
            units.Values.Distinct().ToDictionary(unit => unit, _ => new Dictionary<SourceFile, List<TypeUse>>());
        foreach (TypeUse use in code.Uses.Where(use => use.File.Project == project.Name && use.Used.Project == project.Name))
        {
            SourceFile from = units[use.File];
            SourceFile to = units[use.Used.Files[0]];
            if (from != to)
            {
                if (!graph[from].TryGetValue(to, out List<TypeUse>? uses))
                {
                    graph[from][to] = uses = [];
                }

                uses.Add(use);
            }
        }

        foreach (List<SourceFile> component in StronglyConnected.Components(graph.Keys, unit => graph[unit].Keys))
        {
            yield return new Violation(project.Name, component.MinBy(unit => unit.Path)!.Path, Describe(component, graph));
        }
    }

    // Shows cycles that share no edge, the shortest first: each of them has to lose at least one edge.
    private static string Describe(
        List<SourceFile> component,
        Dictionary<SourceFile, Dictionary<SourceFile, List<TypeUse>>> graph)
    {
        HashSet<SourceFile> members = [.. component];
        Dictionary<SourceFile, HashSet<SourceFile>> left =
            component.ToDictionary(unit => unit, unit => graph[unit].Keys.Where(members.Contains).ToHashSet());
        IEnumerable<string> paths = component.Select(unit => unit.Path).Order(StringComparer.Ordinal);
        List<string> lines = [$"{component.Count} files import one another: {string.Join(", ", paths)}"];
        while (StronglyConnected.ShortestCycle(component, unit => left[unit]) is { Count: > 0 } cycle)
        {
            lines.Add($"  cycle of {cycle.Count}:");
            for (int i = 0; i < cycle.Count; i++)
            {
                SourceFile from = cycle[i];
                SourceFile to = cycle[(i + 1) % cycle.Count];
                left[from].Remove(to);
                IEnumerable<string> types =
                    graph[from][to].DistinctBy(use => use.Used).Select(use => $"{use.Used.Name} at {use.File.Path}:{use.Line}");
                lines.Add($"    {from.Path} -> {to.Path}  ({string.Join(", ", types)})");
            }
        }

        return string.Join(Environment.NewLine, lines);
    }

    // Maps each file to the first of the files that share partial types with it.
    private static Dictionary<SourceFile, SourceFile> Units(CodeProject project)
    {
        Dictionary<SourceFile, SourceFile> units = project.Files.ToDictionary(file => file);
        foreach (CodeType type in project.Types)
        {
            foreach (SourceFile other in type.Files.Skip(1))
            {
                SourceFile merged = units[other];
                SourceFile kept = units[type.Files[0]];
                foreach (SourceFile file in project.Files.Where(file => units[file] == merged))
                {
                    units[file] = kept;
                }
            }
        }

        return units;
    }
}
