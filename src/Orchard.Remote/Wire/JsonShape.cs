using System.Text.Json;

namespace Orchard.Remote.Wire;

/// <summary>Checks that JSON has the shape that is expected.</summary>
internal static class JsonShape
{
    /// <exception cref="JsonException">The condition is false. The message names the member.</exception>
    public static void Expect(bool condition, string name)
    {
        if (!condition)
        {
            throw new JsonException($"'{name}' has a value that is not allowed");
        }
    }
}
