using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// Finds the files of a split model. Each part says its number; the names of the others follow from the name of the first.
/// </summary>
internal static partial class GgufParts
{
    /// <summary>Reads the parts that belong to a first one.</summary>
    /// <returns>All parts in their order; only <paramref name="first"/> if the model is not split.</returns>
    /// <exception cref="ModelFileException">The file is another part, or a part is missing or is not the one its name says.</exception>
    public static IReadOnlyList<GgufPart> Read(GgufPart first)
    {
        long count = first.Metadata.Get("split.count")?.Sum ?? 1;
        long number = first.Metadata.Get("split.no")?.Sum ?? 0;
        if (count <= 1)
        {
            return [first];
        }

        if (number != 0 || count > ushort.MaxValue)
        {
            string begin = PathOf(first.Path, number + 1, 1, count) is { } path ? $" '{path}'" : "";
            throw new ModelFileException(
                first.Path,
                $"'{first.Path}' is part {number + 1:N0} of {count:N0} of a split model. Give the path of its first part{begin}.");
        }

        var parts = new List<GgufPart>((int)Math.Min(count, 1_024)) { first };
        for (int part = 2; part <= count; part++)
        {
            parts.Add(Read(first, part, (int)count));
        }

        long tensors = parts.Sum(part => part.Tensors.Count);
        return first.Metadata.Get("split.tensors.count")?.Sum is not { } expected || expected == tensors
            ? parts
            : throw new ModelFileException(
                first.Path,
                $"The parts of the split model '{first.Path}' do not belong together: they have {tensors:N0} tensors of {expected:N0}. "
                + "Download them again.");
    }

    private static GgufPart Read(GgufPart first, int part, int count)
    {
        string path = PathOf(first.Path, 1, part, count) ?? throw new ModelFileException(
            first.Path,
            $"'{first.Path}' is part 1 of {count} of a split model, but its name does not say how the others are called. "
            + $"Name the files 'NAME-{1:00000}-of-{count:00000}.gguf' and so on.");
        if (!File.Exists(path))
        {
            throw new ModelFileException(
                first.Path,
                $"Part {part} of {count} of the split model '{first.Path}' is missing: there is no file '{path}'. Download all parts.");
        }

        GgufPart file = GgufPart.Read(path);

        // The library ends the process if the number has another type than 16 bits.
        bool isPart = file.Metadata.Get("split.no") is { Type: GgufValueType.UInt16 } number && number.Sum == part - 1
            && (file.Metadata.Get("split.count")?.Sum ?? count) == count;
        return isPart
            ? file
            : throw new ModelFileException(
                first.Path, $"'{path}' is not part {part} of {count} of the split model '{first.Path}'. Download all parts again.");
    }

    /// <summary>Returns the path of another part; null if the name of the known one does not contain its number and their count.</summary>
    private static string? PathOf(string known, long number, long part, long count)
    {
        string name = Path.GetFileName(known);
        Match[] numbers = Digits().Matches(name).ToArray();
        for (int i = numbers.Length - 1; i > 0; i--)
        {
            if (Number(numbers[i]) == count && Number(numbers[i - 1]) == number)
            {
                Match own = numbers[i - 1];
                string digits = part.ToString(CultureInfo.InvariantCulture).PadLeft(own.Length, '0');
                string other = string.Concat(name.AsSpan(0, own.Index), digits, name.AsSpan(own.Index + own.Length));
                return Path.Join(Path.GetDirectoryName(known), other);
            }
        }

        return null;
    }

    private static int Number(Match digits) => int.TryParse(digits.ValueSpan, CultureInfo.InvariantCulture, out int number) ? number : -1;

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
