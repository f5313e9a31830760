namespace Orchard.Engine.Native;

/// <summary>A GPU with memory of its own.</summary>
/// <param name="Name">Its name in the library, such as <c>CUDA0</c>.</param>
/// <param name="FreeBytes">Bytes of its memory that are free now.</param>
internal readonly record struct ComputeDevice(string Name, long FreeBytes);
