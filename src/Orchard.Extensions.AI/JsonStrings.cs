using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchard.Extensions.AI;

/// <summary>
/// Reads JSON strings, also those that <see cref="JsonElement.GetString"/> refuses because an escape in them is an unpaired surrogate.
/// </summary>
internal static class JsonStrings
{
    public static string Of(JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Regex.Unescape(json.GetRawText()[1..^1]);
        }
    }
}
