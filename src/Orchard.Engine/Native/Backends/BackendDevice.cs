namespace Orchard.Engine.Native.Backends;

/// <summary>A device of a GPU library.</summary>
/// <param name="Name">Its name in llama.cpp, such as <c>CUDA0</c>.</param>
/// <param name="Description">Its name as the driver gives it.</param>
/// <param name="TotalBytes">Bytes of its memory.</param>
internal sealed record BackendDevice(string Name, string Description, long TotalBytes);
