namespace Orchard.Engine.Native;

/// <summary>The llama.cpp libraries are missing, incomplete or of an unsupported release.</summary>
internal sealed class NativeLibraryException(string message, Exception? inner = null) : Exception(message, inner);
