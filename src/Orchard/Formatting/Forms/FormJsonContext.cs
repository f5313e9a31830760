using System.Text.Json.Serialization;

namespace Orchard.Formatting.Forms;

/// <summary>Source-generated JSON of sample values.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class FormJsonContext : JsonSerializerContext;
