namespace Orchard.Protocol.Messages;

/// <summary>Names of the tool call formats that a request can specify; see <see cref="ToolCallFormat.Name"/>.</summary>
internal static class ToolCallDialects
{
    public const string Functionary = "functionary";
    public const string Harmony = "harmony";
    public const string Hermes = "hermes";
    public const string Llama3Json = "llama3_json";
    public const string Mistral = "mistral";
    public const string QwenXml = "qwen_xml";
}
