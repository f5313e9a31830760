using System.Text;

namespace Orchard.Extensions.AI;

/// <summary>Makes text encodable.</summary>
internal static class Utf8
{
    /// <summary>Returns the text with unpaired surrogates replaced by U+FFFD.</summary>
    public static string Repair(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
