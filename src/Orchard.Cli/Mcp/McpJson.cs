using System.Text.Json.Serialization;

namespace Orchard.Cli.Mcp;

/// <summary>The JSON in results of tools.</summary>
[JsonSerializable(typeof(float[][]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class McpJson : JsonSerializerContext;
