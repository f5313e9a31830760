namespace Orchard.Server.Generation;

/// <summary>The arguments of an earlier call, which clients send as JSON text or as the object itself.</summary>
internal static class CallArguments
{
    private const string None = "{}";

    /// <summary>Returns the arguments as JSON text.</summary>
    /// <param name="field">The field; it is absent if the call has no arguments.</param>
    /// <exception cref="Errors.ApiException">The field is neither text nor an object.</exception>
    public static string Read(Field field)
    {
        if (field.IsAbsent)
        {
            return None;
        }

        // Microsoft.Extensions.AI.OpenAI sends "null" for a call without arguments, and other clients the empty text that they received.
        // Templates expect an object.
        string text = field.IsObject ? field.Value.GetRawText() : field.ToText();
        return text.AsSpan().Trim() is "" or "null" ? None : text;
    }
}
