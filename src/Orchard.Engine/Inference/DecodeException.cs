namespace Orchard.Engine.Inference;

/// <summary>A native operation failed.</summary>
internal sealed class DecodeException(string message) : Exception(message);
