namespace Orchard.Engine.Tests.Native.Platforms;

/// <summary>Reads libraries and executables of Linux, with 64 bits.</summary>
internal static class ElfImage
{
    private const int SectionTableOffset = 0x28;
    private const int SectionSize = 0x3A;
    private const int MachineOffset = 0x12;
    private const int DynamicSection = 6;
    private const int DynamicSymbols = 11;
    private const int SymbolSize = 24;
    private const int EntrySize = 16;
    private const int Needed = 1;

    public static NativeImage Read(byte[] file)
    {
        var bytes = new ImageBytes(file);
        string processor = bytes.UInt16(MachineOffset) switch { 62 => "x64", 183 => "arm64", var other => $"machine {other}" };
        long table = bytes.Int64(SectionTableOffset);
        Section[] sections = [.. Enumerable.Range(0, bytes.UInt16(SectionSize + 2)).Select(i => Section.Read(bytes, table + (i * bytes.UInt16(SectionSize))))];

        var exports = new HashSet<string>(StringComparer.Ordinal);
        foreach (Section symbols in sections.Where(section => section.Type == DynamicSymbols))
        {
            for (long symbol = symbols.Offset; symbol < symbols.Offset + symbols.Size; symbol += SymbolSize)
            {
                bool isDefined = bytes.UInt16(symbol + 6) != 0;
                bool isLocal = bytes.Byte(symbol + 4) >> 4 == 0;
                if (isDefined && !isLocal)
                {
                    exports.Add(bytes.Text(sections[symbols.Link].Offset + bytes.UInt32(symbol)));
                }
            }
        }

        var needs = new List<string>();
        foreach (Section entries in sections.Where(section => section.Type == DynamicSection))
        {
            for (long entry = entries.Offset; entry < entries.Offset + entries.Size; entry += EntrySize)
            {
                if (bytes.Int64(entry) == Needed)
                {
                    needs.Add(bytes.Text(sections[entries.Link].Offset + bytes.Int64(entry + 8)));
                }
            }
        }

        return new NativeImage($"linux-{processor}", exports, needs);
    }

    private readonly record struct Section(uint Type, long Offset, long Size, int Link)
    {
        public static Section Read(ImageBytes bytes, long header) =>
            new(bytes.UInt32(header + 4), bytes.Int64(header + 0x18), bytes.Int64(header + 0x20), (int)bytes.UInt32(header + 0x28));
    }
}
