using System.Buffers.Binary;

namespace Orchard.Engine.Tests.Native.Platforms;

/// <summary>What the file of a library or an executable says about itself, read without loading it, for any platform.</summary>
/// <param name="Platform">Operating system and processor, such as <c>win-x64</c>.</param>
/// <param name="Exports">Functions and data that other files can use, under their C names.</param>
/// <param name="Needs">The libraries that are loaded with it.</param>
internal sealed record NativeImage(string Platform, IReadOnlySet<string> Exports, IReadOnlyList<string> Needs)
{
    /// <exception cref="InvalidDataException">It is no library or executable of a known format.</exception>
    public static NativeImage Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        return BinaryPrimitives.ReadUInt32BigEndian(file) switch
        {
            0x7F454C46 => ElfImage.Read(file),
            0xCFFAEDFE => MachImage.Read(file),
            _ when file[0] == 'M' && file[1] == 'Z' => PeImage.Read(file),
            _ => throw new InvalidDataException($"'{path}' is no ELF, Mach-O or PE file."),
        };
    }
}
