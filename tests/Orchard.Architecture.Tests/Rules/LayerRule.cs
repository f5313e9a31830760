using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests.Rules;

/// <summary>
/// Folders use only folders of their own layer and of those below it, and folders of one layer do not use one another in a circle.
/// </summary>
internal sealed class LayerRule(LayerTable table) : IRule
{
    /// <inheritdoc/>
    public IReadOnlyList<Violation> Check(CodeBase code)
    {
        List<Violation> violations =
        [
            .. from file in code.Files
               where file.Project == table.Project && table.Find(file.Path) is null
               select new Violation(file.Project, file.Path, "the folder is not in the table of layers"),
        ];
        Dictionary<string, Dictionary<string, List<TypeUse>>> peers = table.Layers
            .SelectMany(layer => layer)
            .ToDictionary(entry => entry, _ => new Dictionary<string, List<TypeUse>>());
        foreach (TypeUse use in code.Uses.Where(use => use.File.Project == table.Project && use.Used.Project == table.Project))
        {
            if (table.Find(use.File.Path) is not { } from || table.Find(use.Used.Files[0].Path) is not { } to || from.Entry == to.Entry)
            {
                continue;
            }

            if (to.Layer < from.Layer)
            {
                string message = $"{Show(from.Entry)} uses {use.Used.Name} of {Show(to.Entry)}, a higher layer";
                violations.Add(new Violation(table.Project, $"{use.File.Path}:{use.Line}", message));
            }
            else if (to.Layer == from.Layer)
            {
                if (!peers[from.Entry].TryGetValue(to.Entry, out List<TypeUse>? uses))
                {
                    peers[from.Entry][to.Entry] = uses = [];
                }

                uses.Add(use);
            }
        }

        foreach (List<string> circle in StronglyConnected.Components(peers.Keys, entry => peers[entry].Keys))
        {
            IEnumerable<string> edges =
                from @from in circle.Order(StringComparer.Ordinal)
                from to in circle.Order(StringComparer.Ordinal)
                where peers[@from].ContainsKey(to)
                let types = peers[@from][to].DistinctBy(use => use.Used).Select(use => $"{use.Used.Name} at {use.File.Path}:{use.Line}")
                select $"  {Show(@from)} -> {Show(to)}  ({string.Join(", ", types)})";
            string message = string.Join(Environment.NewLine, ["folders of one layer use one another", .. edges]);
            violations.Add(new Violation(table.Project, circle.Min(StringComparer.Ordinal)!, message));
        }

        return violations;
    }

    private static string Show(string entry) => entry.Length == 0 ? "the root" : entry;
}
