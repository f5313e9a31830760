namespace Orchard.Engine.Tests.Native.Platforms;

/// <summary>A row of the table of platforms and releases in NATIVE.md.</summary>
/// <param name="Platform">The runtime identifier.</param>
/// <param name="Package">The npm package.</param>
/// <param name="Version">The version of the package.</param>
/// <param name="Release">The release of llama.cpp in it.</param>
internal sealed record PlatformRow(string Platform, string Package, string Version, string Release)
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Native", "Releases");

    public static IReadOnlyList<PlatformRow> All { get; } =
    [
        .. from line in File.ReadLines(Path.Combine(Folder, "NATIVE.md"))
           let cells = line.Split('|', StringSplitOptions.TrimEntries)
           where cells.Length == 6 && cells[2].StartsWith("`@node-llama-cpp/", StringComparison.Ordinal)
           select new PlatformRow(cells[1].Split(' ')[0], cells[2].Trim('`'), cells[3], cells[4]),
    ];
}
