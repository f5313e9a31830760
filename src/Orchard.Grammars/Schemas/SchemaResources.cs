using System.Text.Json;

namespace Orchard.Grammars.Schemas;

/// <summary>The names that a document gives its subschemas: <c>$id</c>, <c>id</c>, <c>$anchor</c> and <c>$dynamicAnchor</c>.</summary>
internal sealed class SchemaResources
{
    // Names need no base to be compared, but only absolute ones can be combined.
    private static readonly Uri Base = new("http://schema.invalid/");

    private readonly Dictionary<string, string> _byUri = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Uri> _bases = new(StringComparer.Ordinal) { [""] = Base };
    private readonly Dictionary<(string Resource, string Name), string> _anchors = [];
    private readonly Dictionary<string, int> _dynamicAnchors = new(StringComparer.Ordinal);

    public SchemaResources(JsonElement root)
    {
        _byUri[Key(Base)] = "";
        Collect(root, "", "", Base);
    }

    /// <summary>Returns the pointer that a reference refers to, without checking that it exists; null for another document.</summary>
    /// <param name="at">The pointer to the schema with the reference.</param>
    /// <param name="reference">The reference.</param>
    public string? Find(string at, string reference)
    {
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        string document = hash < 0 ? reference : reference[..hash];
        string fragment = Unescape(hash < 0 ? "" : reference[(hash + 1)..]);
        string resource = ResourceOf(at);
        if (document.Length > 0)
        {
            if (!Uri.TryCreate(_bases[resource], document, out Uri? target) || !_byUri.TryGetValue(Key(target), out string? found))
            {
                return null;
            }

            resource = found;
        }

        return fragment is "" or ['/', ..] ? resource + fragment : _anchors.GetValueOrDefault((resource, fragment));
    }

    /// <summary>Whether several schemas have the same dynamic anchor, so that the value decides which of them a reference is to.</summary>
    public bool IsDynamic(string reference) =>
        _dynamicAnchors.GetValueOrDefault(reference[(reference.IndexOf('#', StringComparison.Ordinal) + 1)..]) > 1;

    // The innermost schema with an identifier that a pointer is in.
    private string ResourceOf(string pointer)
    {
        string at = pointer;
        while (!_bases.ContainsKey(at))
        {
            at = at[..at.LastIndexOf('/')];
        }

        return at;
    }

    private void Collect(JsonElement element, string pointer, string resource, Uri uri)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in element.EnumerateArray())
            {
                Collect(item, SchemaPointers.Child(pointer, index++), resource, uri);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            (resource, uri) = Enter(element, pointer, resource, uri);
            foreach (JsonProperty member in element.EnumerateObject())
            {
                if (member.Name is not ("enum" or "const" or "default" or "examples"))
                {
                    Collect(member.Value, SchemaPointers.Child(pointer, member.Name), resource, uri);
                }
            }
        }
    }

    private (string Resource, Uri Uri) Enter(JsonElement schema, string pointer, string resource, Uri uri)
    {
        if ((TextOf(schema, "$id") ?? TextOf(schema, "id")) is { Length: > 0 } id)
        {
            if (id[0] == '#')
            {
                _anchors.TryAdd((resource, id[1..]), pointer); // the anchors of older drafts
            }
            else if (Uri.TryCreate(uri, id.TrimEnd('#'), out Uri? own))
            {
                (resource, uri) = (pointer, own);
                _bases[pointer] = own;
                _byUri.TryAdd(Key(own), pointer);
            }
        }

        foreach (string keyword in (ReadOnlySpan<string>)["$anchor", "$dynamicAnchor"])
        {
            if (TextOf(schema, keyword) is { } anchor)
            {
                _anchors.TryAdd((resource, anchor), pointer);
                if (keyword == "$dynamicAnchor")
                {
                    _dynamicAnchors[anchor] = _dynamicAnchors.GetValueOrDefault(anchor) + 1;
                }
            }
        }

        return (resource, uri);
    }

    private static string? TextOf(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Key(Uri uri) => uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.Unescaped);

    private static string Unescape(string fragment)
    {
        try
        {
            return Uri.UnescapeDataString(fragment);
        }
        catch (UriFormatException)
        {
            return fragment;
        }
    }
}
