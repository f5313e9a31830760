namespace Orchard.Engine.Serving.Models;

/// <summary>The draft model cannot draft for the model. The message is for the user.</summary>
internal sealed class DraftModelException(string message, Exception? inner = null) : Exception(message, inner);
