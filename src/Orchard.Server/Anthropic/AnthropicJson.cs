using System.Text.Json.Serialization;
using Orchard.Server.Anthropic.Messages;
using Orchard.Server.Json;

namespace Orchard.Server.Anthropic;

/// <summary>JSON contracts of Anthropic's API.</summary>
[JsonSerializable(typeof(MessagesRequest))]
[JsonSerializable(typeof(AnswerMessage))]
[JsonSerializable(typeof(MessageEvent))]
[JsonSerializable(typeof(TokenCount))]
[JsonSerializable(typeof(AnthropicError))]
internal sealed partial class AnthropicJson : JsonSerializerContext
{
    /// <summary>The contracts, in the JSON of all dialects.</summary>
    public static AnthropicJson Wire { get; } = new(WireJson.CreateOptions());
}
