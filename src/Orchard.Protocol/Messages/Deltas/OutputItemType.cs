namespace Orchard.Protocol.Messages.Deltas;

/// <summary>The kind of an output item.</summary>
internal enum OutputItemType : byte
{
    Message,
    Reasoning,
    ToolCall,
    Unknown,
}
