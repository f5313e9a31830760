using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Orchard.Grammars.Schemas.Reading;

/// <summary>
/// Reads schemas as lists of alternatives, each a set of <see cref="Constraints"/>. Refuses keywords that it does not enforce.
/// </summary>
/// <remarks>
/// Ignored are annotations, keywords that only define or name something, and keywords that begin with <c>x-</c>. The standard allows
/// unknown keywords to be ignored as well; here they are refused, because most of them are spelling mistakes.
/// </remarks>
internal sealed class SchemaReader
{
    private const int MaxAlternatives = 1_000;

    private readonly SchemaDocument _document;
    private readonly CompilationBudget _budget;
    private readonly Satisfiability _satisfiability;
    private readonly HashSet<string> _open = [];
    private readonly Dictionary<string, IReadOnlyList<Constraints>> _read = [];

    public SchemaReader(SchemaDocument document, SchemaPatterns patterns, CompilationBudget budget)
    {
        _document = document;
        _budget = budget;
        _satisfiability = new Satisfiability(patterns, Read);
    }

    /// <summary>Returns the alternatives for a value that must satisfy the schemas at all of these pointers.</summary>
    /// <exception cref="SchemaException">One of the schemas cannot be enforced.</exception>
    public IReadOnlyList<Constraints> Read(IEnumerable<string> paths) =>
        paths.Aggregate((IReadOnlyList<Constraints>)[Constraints.None], (known, path) => And(path, known, Read(path)));

    private IReadOnlyList<Constraints> Read(string path)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Spend(path, 1);
        if (_read.TryGetValue(path, out IReadOnlyList<Constraints>? known))
        {
            return known;
        }

        if (!_open.Add(path))
        {
            throw new SchemaException(path, "$ref", "the schema includes itself without an object or array in between.") { IsCycle = true };
        }

        try
        {
            JsonElement schema = _document[path];
            IReadOnlyList<Constraints> read = schema.ValueKind switch
            {
                JsonValueKind.True => [Constraints.None with { Path = path }],
                JsonValueKind.False => [],
                JsonValueKind.Object => ReadObject(path, schema),
                _ => throw new SchemaException(path, null, $"a schema must be an object or a boolean, not {schema.GetRawText()}."),
            };
            _read.Add(path, read);
            return read;
        }
        finally
        {
            _open.Remove(path);
        }
    }

    private IReadOnlyList<Constraints> ReadObject(string path, JsonElement schema)
    {
        Constraints own = KeywordReader.Read(path, schema);
        IReadOnlyList<Constraints> all = [own];
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref":
                    all = And(path, all, Read(_document.Resolve(path, keyword.Value)));
                    break;
                case "allOf":
                    int count = KeywordValues.SchemaCount(path, keyword);
                    for (int i = 0; i < count; i++)
                    {
                        all = And(path, all, Read(SchemaDocument.Child(path, "allOf", i)));
                    }

                    break;
                case "anyOf":
                    all = And(path, all, [.. Branches(path, keyword).SelectMany(branch => branch)]);
                    break;
                case "oneOf":
                    IReadOnlyList<Constraints>[] branches = [.. Branches(path, keyword)];
                    RequireDisjoint(path, own, branches);
                    all = And(path, all, [.. branches.SelectMany(branch => branch)]);
                    break;
            }
        }

        return all;
    }

    private IEnumerable<IReadOnlyList<Constraints>> Branches(string path, JsonProperty keyword) =>
        Enumerable.Range(0, KeywordValues.SchemaCount(path, keyword)).Select(i => Read(SchemaDocument.Child(path, keyword.Name, i)));

    private IReadOnlyList<Constraints> And(string path, IReadOnlyList<Constraints> left, IReadOnlyList<Constraints> right)
    {
        if ((long)left.Count * right.Count > MaxAlternatives)
        {
            throw new SchemaException(
                path, null, $"its alternatives (anyOf, oneOf) have more than {MaxAlternatives:N0} combinations; use fewer alternatives.");
        }

        Spend(path, left.Count * right.Count);
        return [.. left.SelectMany(a => right.Select(b => a.And(b))).Where(both => !Satisfiability.IsPlainlyEmpty(both))];
    }

    private void Spend(string path, int combinations)
    {
        try
        {
            _budget.Spend(CompilationBudget.NodeCost * combinations);
        }
        catch (GrammarException e)
        {
            throw new SchemaException(path, null, e.Message);
        }
    }

    // A grammar can express "any of", but not "exactly one of", so the alternatives of oneOf must exclude each other.
    private void RequireDisjoint(string path, Constraints own, IReadOnlyList<Constraints>[] branches)
    {
        for (int i = 0; i < branches.Length; i++)
        {
            for (int j = i + 1; j < branches.Length; j++)
            {
                if (branches[i].Any(a => branches[j].Any(b => !_satisfiability.IsEmpty(own.And(a).And(b)))))
                {
                    throw new SchemaException(
                        path,
                        "oneOf",
                        $"a value could match both alternatives {i} and {j}; give them a property with different constants, or use anyOf.");
                }
            }
        }
    }
}
