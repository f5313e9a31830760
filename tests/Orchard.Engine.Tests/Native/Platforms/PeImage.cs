using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Orchard.Engine.Tests.Native.Platforms;

/// <summary>Reads libraries and executables of Windows.</summary>
internal static class PeImage
{
    private const int ImportSize = 20;

    public static NativeImage Read(byte[] file)
    {
        using var reader = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(file));
        PEHeaders headers = reader.PEHeaders;
        var bytes = new ImageBytes(file);
        string processor = headers.CoffHeader.Machine switch { Machine.Amd64 => "x64", Machine.Arm64 => "arm64", var other => $"{other}" };

        var exports = new HashSet<string>(StringComparer.Ordinal);
        if (headers.TryGetDirectoryOffset(headers.PEHeader!.ExportTableDirectory, out int directory))
        {
            for (uint i = 0; i < bytes.UInt32(directory + 24); i++)
            {
                exports.Add(bytes.Text(Offset(headers, bytes.UInt32(Offset(headers, bytes.UInt32(directory + 32)) + (i * 4)))));
            }
        }

        var needs = new List<string>();
        if (headers.TryGetDirectoryOffset(headers.PEHeader.ImportTableDirectory, out int import))
        {
            for (; bytes.UInt32(import + 12) != 0; import += ImportSize)
            {
                needs.Add(bytes.Text(Offset(headers, bytes.UInt32(import + 12))));
            }
        }

        return new NativeImage($"win-{processor}", exports, needs);
    }

    // Addresses in the tables are those in memory.
    private static long Offset(PEHeaders headers, uint address)
    {
        SectionHeader section = headers.SectionHeaders[headers.GetContainingSectionIndex((int)address)];
        return address - section.VirtualAddress + section.PointerToRawData;
    }
}
