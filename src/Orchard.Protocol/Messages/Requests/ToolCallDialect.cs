namespace Orchard.Protocol.Messages.Requests;

/// <summary>Names of the tool call formats that client and engine support.</summary>
internal static class ToolCallDialect
{
    /// <summary>A JSON object between two tags, as Hermes and Qwen write it.</summary>
    public const string Hermes = "hermes";

    /// <summary>XML elements between two tags, as Qwen's coding models write them.</summary>
    public const string QwenXml = "qwen_xml";

    /// <summary>A JSON object without tags, as Llama 3 writes it.</summary>
    public const string Llama3Json = "llama3_json";

    /// <summary>A start marker before a JSON list, or before each name with its arguments.</summary>
    public const string Mistral = "mistral";

    /// <summary>An element that contains the name, with JSON arguments inside.</summary>
    public const string Functionary = "functionary";

    /// <summary>Channels, as gpt-oss writes them.</summary>
    public const string Harmony = "harmony";
}
