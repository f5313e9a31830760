using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Orchard.Grammars.Schemas.Validation;

/// <summary>Validates values against a JSON Schema (draft 2020-12, and what older drafts name differently). Not thread-safe.</summary>
/// <remarks>
/// Formats and contents are annotations, as the standard says. Invalid keywords and references to other documents are ignored. A schema
/// that includes itself without an object or array in between has no constraint there.
/// </remarks>
internal sealed class SchemaValidator
{
    private readonly SchemaDocument _document;
    private readonly HashSet<(string Schema, string Path)> _open = [];
    private readonly ValueRules _values = new();
    private readonly ObjectRules _objects;
    private readonly ArrayRules _arrays;

    public SchemaValidator(JsonElement schema)
    {
        _document = new SchemaDocument(schema);
        _objects = new ObjectRules(Check, _values);
        _arrays = new ArrayRules(Check);
    }

    /// <summary>Returns a description of the first problem, with its path; null if the value is valid.</summary>
    public string? Find(JsonElement value)
    {
        try
        {
            return Check(new Instance(value, "$"), "").Problem;
        }
        catch (InsufficientExecutionStackException)
        {
            return null; // deeper than JSON that was parsed can be, so the schema is endless
        }
        finally
        {
            _open.Clear();
        }
    }

    private Verdict Check(Instance instance, string pointer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        JsonElement schema = _document[pointer];
        if (schema.ValueKind == JsonValueKind.False)
        {
            return new Verdict { Problem = $"{instance.Path} is not allowed" };
        }

        var verdict = new Verdict();
        if (schema.ValueKind != JsonValueKind.Object || !_open.Add((pointer, instance.Path)))
        {
            return verdict;
        }

        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            try
            {
                verdict.Problem ??= _values.Find(instance, schema, keyword);
                CheckApplicator(verdict, instance, pointer, schema, keyword);
            }
            catch (SchemaException)
            {
                // The keyword is invalid, or refers to nothing.
            }

            if (verdict.Problem is not null)
            {
                break;
            }
        }

        if (verdict.Problem is null && instance.Value.ValueKind == JsonValueKind.Object)
        {
            _objects.Check(verdict, instance, pointer, schema);
        }
        else if (verdict.Problem is null && instance.Value.ValueKind == JsonValueKind.Array)
        {
            _arrays.Check(verdict, instance, pointer, schema);
        }

        _open.Remove((pointer, instance.Path));
        return verdict;
    }

    private void CheckApplicator(Verdict verdict, Instance instance, string pointer, JsonElement schema, JsonProperty keyword)
    {
        string child = SchemaPointers.Child(pointer, keyword.Name);
        switch (keyword.Name)
        {
            case "$ref" or "$dynamicRef" or "$recursiveRef":
                verdict.Add(Check(instance, _document.Resolve(pointer, keyword.Name, keyword.Value)));
                break;
            case "allOf":
                foreach (string branch in Branches(child, keyword))
                {
                    verdict.Add(Check(instance, branch));
                }

                break;
            case "anyOf":
                Verdict[] any = [.. Branches(child, keyword).Select(branch => Check(instance, branch))];
                Accept(any, verdict, any.Any(one => one.Problem is null), $"{any[0].Problem} (and no other alternative of anyOf fits)");
                break;
            case "oneOf":
                Verdict[] one = [.. Branches(child, keyword).Select(branch => Check(instance, branch))];
                int count = one.Count(each => each.Problem is null);
                Accept(one, verdict, count == 1, count == 0
                    ? $"{one[0].Problem} (and no other alternative of oneOf fits)"
                    : $"{instance.Path} fits {count} alternatives of oneOf, not one");
                break;
            case "not":
                verdict.Problem ??= Check(instance, child).Problem is null
                    ? $"{instance.Path} is what the schema excludes with 'not'"
                    : null;
                break;
            case "if":
                Verdict condition = Check(instance, child);
                string branchName = condition.Problem is null ? "then" : "else";
                Accept([condition], verdict, isValid: true, "");
                if (schema.TryGetProperty(branchName, out _))
                {
                    verdict.Add(Check(instance, SchemaPointers.Child(pointer, branchName)));
                }

                break;
        }
    }

    // Only schemas that are satisfied evaluate properties and items.
    private static void Accept(Verdict[] parts, Verdict verdict, bool isValid, string problem)
    {
        verdict.Problem ??= isValid ? null : problem;
        foreach (Verdict part in parts.Where(part => part.Problem is null))
        {
            verdict.Add(part);
        }
    }

    private static IEnumerable<string> Branches(string child, JsonProperty keyword) =>
        keyword.Value.ValueKind == JsonValueKind.Array && keyword.Value.GetArrayLength() is > 0 and var count
            ? Enumerable.Range(0, count).Select(i => SchemaPointers.Child(child, i))
            : throw new SchemaException(child, keyword.Name, "the value must be an array of at least one schema.");
}
