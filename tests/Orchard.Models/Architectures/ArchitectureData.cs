using System.Globalization;
using System.Reflection;

namespace Orchard.TestModels.Architectures;

/// <summary>
/// Reads the data files: one per kind, a section per architecture, a line per key (<c>block_count = 2</c>) and per tensor
/// (<c>blk.*.attn_q.weight: width width</c>).
/// </summary>
internal static class ArchitectureData
{
    public static IReadOnlyList<ModelArchitecture> Read() =>
        [.. Enum.GetValues<ModelKind>().SelectMany(static kind => Read(kind).OrderBy(static model => model.Name, StringComparer.Ordinal))];

    /// <summary>Writes a value: a whole number, a fraction, true or false, or a list of whole numbers in brackets.</summary>
    public static void Write(GgufFile file, string key, string value, Sizes sizes)
    {
        if (value.StartsWith('['))
        {
            file.Numbers(key, [.. value.Trim('[', ']').Split(' ').Select(sizes.Evaluate)]);
        }
        else if (bool.TryParse(value, out bool flag))
        {
            file.Flag(key, flag);
        }
        else if (value.Contains('.', StringComparison.Ordinal))
        {
            file.Number(key, float.Parse(value, CultureInfo.InvariantCulture));
        }
        else
        {
            file.Number(key, sizes.Evaluate(value));
        }
    }

    private static IEnumerable<ModelArchitecture> Read(ModelKind kind)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{kind}.txt")!;
        using var reader = new StreamReader(stream);
        foreach (string section in reader.ReadToEnd().Split("\n\n"))
        {
            string[] lines = section.Trim().Split('\n');
            List<KeyValuePair<string, string>> keys = [];
            List<TensorTemplate> tensors = [];
            foreach (string line in lines[1..])
            {
                if (line.Split(" = ") is [var key, var value])
                {
                    keys.Add(KeyValuePair.Create(key, value));
                }
                else
                {
                    string[] parts = line.Split(": ");
                    tensors.Add(new TensorTemplate(parts[0], parts[1].Split(' ')));
                }
            }

            yield return new ModelArchitecture(lines[0].Trim('[', ']'), kind, keys, tensors);
        }
    }
}
