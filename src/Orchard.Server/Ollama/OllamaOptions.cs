using System.Text.Json;
using Orchard.Server.Generation;

namespace Orchard.Server.Ollama;

/// <summary>Reads generation options in the shape of Ollama's API. Pure.</summary>
internal static class OllamaOptions
{
    /// <summary>Returns how to generate.</summary>
    /// <param name="options">The object with options; may be absent.</param>
    /// <param name="fields">The other fields of the request.</param>
    /// <param name="ignored">Receives the names of fields that have no effect.</param>
    /// <param name="tools">Tools that the model can call.</param>
    public static GenerationOptions Read(
        Field options,
        IEnumerable<KeyValuePair<string, JsonElement>>? fields,
        ICollection<string> ignored,
        IReadOnlyList<Tool>? tools = null)
    {
        GenerationOptions start = new() { IgnoreUnsupportedReasoning = true, Tools = tools ?? [] };
        return GenerationFields.ApplyTo(ReadInner(start, options, ignored), fields, ignored);
    }

    private static GenerationOptions ReadInner(GenerationOptions start, Field options, ICollection<string> ignored) => options.IsAbsent
        ? start
        : GenerationFields.ApplyTo(
            start,
            options.Members().Select(static member => KeyValuePair.Create(member.Name, member.Field.Value)),
            ignored,
            "options.");
}
