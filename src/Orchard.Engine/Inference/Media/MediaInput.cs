using Orchard.Protocol.Media;

namespace Orchard.Engine.Inference.Media;

/// <summary>An image or audio file in a prompt.</summary>
/// <param name="Kind">What the file should contain.</param>
/// <param name="File">Its content.</param>
/// <param name="Index">Its place among all images and audio files of the prompt, from 0.</param>
internal readonly record struct MediaInput(MediaKind Kind, ReadOnlyMemory<byte> File, int Index);
