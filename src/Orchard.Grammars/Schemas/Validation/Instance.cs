using System.Text.Json;

namespace Orchard.Grammars.Schemas.Validation;

/// <summary>A value that is validated.</summary>
/// <param name="Value">The value.</param>
/// <param name="Path">Where it is: <c>$.items[0].name</c>.</param>
internal readonly record struct Instance(JsonElement Value, string Path)
{
    private const int MaxShown = 80;

    /// <summary>Describes the value for a message.</summary>
    public string Description => Value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => Shorten(Value.GetRawText()),
    };

    /// <summary>Shortens a text for a message.</summary>
    public static string Shorten(string text) => text.Length > MaxShown ? text[..MaxShown] + "…" : text;
}
