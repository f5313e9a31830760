namespace Orchard.Protocol.Messages;

/// <summary>A part of the output: what is said, what is thought, or a call.</summary>
internal enum OutputItemType : byte
{
    Message,
    Reasoning,
    ToolCall,
    Unknown,
}
