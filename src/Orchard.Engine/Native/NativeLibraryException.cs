namespace Orchard.Engine.Native;

/// <summary>The llama.cpp libraries are missing, incomplete or of a release this engine does not know.</summary>
internal sealed class NativeLibraryException(string message, Exception? inner = null) : Exception(message, inner);
