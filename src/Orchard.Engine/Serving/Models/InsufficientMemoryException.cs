namespace Orchard.Engine.Serving.Models;

/// <summary>There is not enough memory for a model, whatever else is unloaded. The message has the numbers and what to change.</summary>
internal sealed class InsufficientMemoryException(string message) : Exception(message);
