namespace Orchard.Protocol.Messages;

/// <summary>A stretch of a prompt's UTF-8 text in which nothing is a control token, whatever it looks like.</summary>
internal readonly record struct PlainSpan(int Start, int Length);
