using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Orchard.Grammars.Schemas.Reading;

/// <summary>Reads schemas as lists of alternatives, each a set of <see cref="Constraints"/>.</summary>
/// <remarks>
/// A keyword that cannot be enforced is refused, or else left out and recorded in the <see cref="SchemaGaps"/>, so that the alternatives
/// allow more than the schema. Annotations and unknown keywords are ignored, as the standard says.
/// </remarks>
internal sealed class SchemaReader
{
    private readonly SchemaDocument _document;
    private readonly SchemaGaps _gaps;
    private readonly SchemaNegation _negation;
    private readonly Satisfiability _satisfiability;
    private readonly HashSet<string> _open = [];
    private readonly Dictionary<string, IReadOnlyList<Constraints>> _read = [];
    private int _probes;

    public SchemaReader(SchemaDocument document, SchemaPatterns patterns, SchemaGaps gaps)
    {
        _document = document;
        _gaps = gaps;
        _negation = new SchemaNegation(document, Read);
        _satisfiability = new Satisfiability(patterns, gaps, Read);
    }

    /// <summary>Returns the alternatives for a value that must satisfy the schemas at all of these pointers.</summary>
    /// <exception cref="SchemaException">One of the schemas cannot be enforced, and must be.</exception>
    public IReadOnlyList<Constraints> Read(IEnumerable<string> paths)
    {
        IReadOnlyList<Constraints> all = [Constraints.None];
        foreach (string path in paths)
        {
            try
            {
                all = And(path, all, Read(path));
            }
            catch (SchemaException e) when (!IsProbe(e))
            {
                _gaps.Add(e);
            }
        }

        return all;
    }

    private IReadOnlyList<Constraints> Read(string path)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Spend(path, 1);
        if (path is SchemaPointers.Never or SchemaPointers.Always)
        {
            return path == SchemaPointers.Never ? [] : [Constraints.None];
        }

        if (_read.TryGetValue(path, out IReadOnlyList<Constraints>? known))
        {
            return known;
        }

        if (!_open.Add(path))
        {
            throw new SchemaException(path, "$ref", "the schema includes itself without an object or array in between.")
            {
                IsCycle = true,
                IsMeaningless = true,
            };
        }

        try
        {
            IReadOnlyList<Constraints> read = path.StartsWith(SchemaPointers.Not, StringComparison.Ordinal)
                ? ReadNegation(path[SchemaPointers.Not.Length..])
                : ReadSchema(path);
            _read.Add(path, read);
            return read;
        }
        finally
        {
            _open.Remove(path);
        }
    }

    private IReadOnlyList<Constraints> ReadNegation(string path)
    {
        try
        {
            return _negation.Of(path);
        }
        catch (SchemaException e) when (!IsProbe(e))
        {
            _gaps.Add(e);
            return [Constraints.None];
        }
    }

    private IReadOnlyList<Constraints> ReadSchema(string path)
    {
        JsonElement schema = _document[path];
        switch (schema.ValueKind)
        {
            case JsonValueKind.True:
                return [Constraints.None with { Path = path }];
            case JsonValueKind.False:
                return [];
            case JsonValueKind.Object:
                return ReadObject(path, schema);
            default:
                _gaps.Add(new SchemaException(path, null, $"a schema must be an object or a boolean, not {schema.GetRawText()}.")
                {
                    IsMeaningless = true,
                });
                return [Constraints.None with { Path = path }];
        }
    }

    private IReadOnlyList<Constraints> ReadObject(string path, JsonElement schema)
    {
        Constraints own = KeywordReader.Read(path, schema, _gaps);
        IReadOnlyList<Constraints> all = [own];
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            all = Guard(all, known =>
            {
                foreach (Func<IReadOnlyList<Constraints>> part in FindApplied(path, schema, keyword, own))
                {
                    known = Guard(known, sum => And(path, sum, part()));
                }

                return known;
            });
        }

        if (schema.TryGetProperty("unevaluatedProperties", out _))
        {
            all = Guard(all, known => [.. known.Select(each => AlternativeReader.WithUnevaluatedProperties(each, path))]);
        }

        if (schema.TryGetProperty("unevaluatedItems", out _))
        {
            all = Guard(all, known => [.. known.Select(each => AlternativeReader.WithUnevaluatedItems(each, path))]);
        }

        return all;
    }

    // Lists of alternatives, of each of which one must hold.
    private IEnumerable<Func<IReadOnlyList<Constraints>>> FindApplied(
        string path, JsonElement schema, JsonProperty keyword, Constraints own)
    {
        string child = SchemaPointers.Child(path, keyword.Name);
        switch (keyword.Name)
        {
            case "$ref" or "$dynamicRef" or "$recursiveRef":
                return [() => Read(_document.Resolve(path, keyword.Name, keyword.Value))];
            case "allOf":
                return AlternativeReader.Branches(path, keyword).Select(branch => (Func<IReadOnlyList<Constraints>>)(() => Read(branch)));
            case "anyOf":
                return [() => [.. AlternativeReader.Branches(path, keyword).SelectMany(Read)]];
            case "oneOf":
                return [() => ReadOneOf(path, keyword, own)];
            case "not":
                return [() => Read(SchemaPointers.Not + child)];
            case "if":
                return
                [
                    () =>
                    [
                        .. ReadBranch(path, schema, child, "then"),
                        .. ReadBranch(path, schema, SchemaPointers.Not + child, "else"),
                    ],
                ];
            case "dependentRequired" or "dependentSchemas" or "dependencies":
                return AlternativeReader.Dependencies(path, keyword, Read);
            default:
                return [];
        }
    }

    private IReadOnlyList<Constraints> ReadBranch(string path, JsonElement schema, string condition, string keyword) =>
        schema.TryGetProperty(keyword, out _)
            ? And(path, Read(condition), Read(SchemaPointers.Child(path, keyword)))
            : Read(condition);

    // A grammar can express "any of", but not "exactly one of", so alternatives that do not exclude each other also get the negations.
    private List<Constraints> ReadOneOf(string path, JsonProperty keyword, Constraints own)
    {
        string[] paths = [.. AlternativeReader.Branches(path, keyword)];
        IReadOnlyList<Constraints>[] branches = [.. paths.Select(Read)];
        var all = new List<Constraints>();
        for (int i = 0; i < branches.Length; i++)
        {
            IReadOnlyList<Constraints> one = branches[i];
            for (int j = 0; j < branches.Length; j++)
            {
                if (i != j && !AreDisjoint(own, branches[i], branches[j]))
                {
                    one = Exclude(path, one, paths, (i, j));
                }
            }

            all.AddRange(one);
        }

        return all;
    }

    private IReadOnlyList<Constraints> Exclude(
        string path, IReadOnlyList<Constraints> branch, string[] paths, (int One, int Other) indices)
    {
        IReadOnlyList<Constraints> others;
        try
        {
            others = _negation.Of(paths[indices.Other]);
        }
        catch (SchemaException e) when (!IsProbe(e))
        {
            _gaps.Add(new SchemaException(
                path,
                "oneOf",
                $"a value could match both alternatives {indices.One} and {indices.Other}; "
                + "give them a property with different constants, or use anyOf."));
            return branch;
        }

        return And(path, branch, others);
    }

    private bool AreDisjoint(Constraints own, IReadOnlyList<Constraints> left, IReadOnlyList<Constraints> right)
    {
        _probes++;
        try
        {
            return !left.Any(a => right.Any(b => !_satisfiability.IsEmpty(own.And(a).And(b))));
        }
        finally
        {
            _probes--;
        }
    }

    private IReadOnlyList<Constraints> And(string path, IReadOnlyList<Constraints> left, IReadOnlyList<Constraints> right)
    {
        IReadOnlyList<Constraints> both = AlternativeReader.And(path, left, right);
        Spend(path, left.Count * right.Count);
        return both;
    }

    private void Spend(string path, int combinations)
    {
        try
        {
            _gaps.Budget.Spend(CompilationBudget.NodeCost * combinations);
        }
        catch (GrammarException e)
        {
            throw new SchemaException(path, null, e.Message);
        }
    }

    private IReadOnlyList<Constraints> Guard(
        IReadOnlyList<Constraints> all, Func<IReadOnlyList<Constraints>, IReadOnlyList<Constraints>> combine)
    {
        try
        {
            return combine(all);
        }
        catch (SchemaException e) when (!IsProbe(e))
        {
            _gaps.Add(e);
            return all;
        }
    }

    // A schema that includes itself is no problem if it is only looked into, to find out whether a property excludes a value.
    private bool IsProbe(SchemaException e) => e.IsCycle && _probes > 0;
}
