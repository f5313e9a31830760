namespace Orchard.Engine.Tests.Native.Platforms;

/// <summary>Reads libraries and executables of macOS for one processor, with 64 bits.</summary>
internal static class MachImage
{
    private const int HeaderSize = 32;
    private const int SymbolSize = 16;
    private const uint SymbolTable = 2;
    private const uint LoadLibrary = 0xC;
    private const uint LoadWeakLibrary = 0x80000018;
    private const uint ReexportLibrary = 0x8000001F;
    private const byte PrivateExternal = 0x10;
    private const byte External = 1;
    private const byte KindMask = 0xE;
    private const byte InSection = 0xE;

    public static NativeImage Read(byte[] file)
    {
        var bytes = new ImageBytes(file);
        string processor = bytes.UInt32(4) switch { 0x01000007 => "x64", 0x0100000C => "arm64", var other => $"processor {other:x}" };
        var exports = new HashSet<string>(StringComparer.Ordinal);
        var needs = new List<string>();
        long command = HeaderSize;
        for (uint i = 0; i < bytes.UInt32(16); i++)
        {
            switch (bytes.UInt32(command))
            {
                case SymbolTable:
                    ReadSymbols(bytes, command, exports);
                    break;
                case LoadLibrary or LoadWeakLibrary or ReexportLibrary:
                    needs.Add(bytes.Text(command + bytes.UInt32(command + 8)));
                    break;
            }

            command += bytes.UInt32(command + 4);
        }

        return new NativeImage($"osx-{processor}", exports, needs);
    }

    private static void ReadSymbols(ImageBytes bytes, long command, HashSet<string> exports)
    {
        long names = bytes.UInt32(command + 16);
        for (uint i = 0; i < bytes.UInt32(command + 12); i++)
        {
            long symbol = bytes.UInt32(command + 8) + (i * SymbolSize);
            byte type = bytes.Byte(symbol + 4);
            if ((type & (PrivateExternal | External)) == External && (type & KindMask) == InSection)
            {
                exports.Add(bytes.Text(names + bytes.UInt32(symbol))[1..]); // without the underscore that all C names have
            }
        }
    }
}
