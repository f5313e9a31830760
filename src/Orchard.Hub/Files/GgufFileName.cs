using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchard.Hub.Files;

/// <summary>What the name of a GGUF file says about its content.</summary>
internal sealed partial class GgufFileName
{
    private static readonly string[] SidecarPrefixes = ["mmproj", "mtp-", "eagle3-", "dflash-", "dspark-", "imatrix"];

    private GgufFileName(string path)
    {
        Path = path;
        int slash = path.LastIndexOf('/');
        Folder = slash < 0 ? "" : path[..slash];
        FileName = path[(slash + 1)..];
        Match split = SplitPattern().Match(FileName);
        if (split.Success)
        {
            Stem = split.Groups["stem"].Value;
            Part = int.Parse(split.Groups["part"].ValueSpan, CultureInfo.InvariantCulture);
            PartCount = int.Parse(split.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
        }
        else
        {
            Stem = FileName[..^GgufExtension.Length];
        }

        Tokens = Stem.ToUpperInvariant().Split('-', '.');
        FileTag = FindTag(Tokens);
        FolderTag = Folder.Length == 0 ? null : FindTag(Folder[(Folder.LastIndexOf('/') + 1)..].ToUpperInvariant().Split('-', '.'));
    }

    private const string GgufExtension = ".gguf";

    public string Path { get; }

    /// <summary>Folder in the repository; empty for the root.</summary>
    public string Folder { get; }

    public string FileName { get; }

    /// <summary>File name without extension and without the number of the part.</summary>
    public string Stem { get; }

    /// <summary>One-based number of the part of a split model; 0 if the file is not split.</summary>
    public int Part { get; }

    /// <summary>Number of parts of a split model; 0 if the file is not split.</summary>
    public int PartCount { get; }

    /// <summary>Quantization in the file name, in upper case, such as <c>Q4_K_M</c> or <c>UD-Q4_K_XL</c>; null if there is none.</summary>
    public string? FileTag { get; }

    /// <summary>Quantization in the name of the innermost folder; null if there is none.</summary>
    public string? FolderTag { get; }

    public string? Tag => FileTag ?? FolderTag;

    /// <summary>Whether the file is the vision projector of another file.</summary>
    public bool IsProjector => FileName.StartsWith("mmproj", StringComparison.OrdinalIgnoreCase) || Tokens.Contains("MMPROJ");

    /// <summary>Whether the file belongs to a model but is none: a projector, a drafter, or the data of a quantization.</summary>
    public bool IsSidecar => IsProjector
        || SidecarPrefixes.Any(prefix => FileName.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || FileTag is null && Tokens.Contains("IMATRIX"); // with a quantization, the name says how the model was quantized

    /// <summary>Whether the file seems to be a LoRA adapter.</summary>
    public bool IsAdapter => Tokens.Contains("LORA") || Tokens.Contains("ADAPTER");

    private string[] Tokens { get; }

    public static GgufFileName? TryParse(string path) =>
        path.EndsWith(GgufExtension, StringComparison.OrdinalIgnoreCase) ? new GgufFileName(path) : null;

    /// <summary>Returns the path of another part of the same split model.</summary>
    public string PathOfPart(int part)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Stem}-{part:00000}-of-{PartCount:00000}{GgufExtension}");
        return Folder.Length == 0 ? name : $"{Folder}/{name}";
    }

    // The last run of tokens that are quantizations: "IQ4_NL-Q4_K_M" is a mixture and neither of the two.
    private static string? FindTag(string[] tokens)
    {
        int end = Array.FindLastIndex(tokens, token => TagPattern().IsMatch(token));
        if (end < 0)
        {
            return null;
        }

        int start = end;
        while (start > 0 && (tokens[start - 1] == "UD" || TagPattern().IsMatch(tokens[start - 1])))
        {
            start--;
        }

        return string.Join('-', tokens[start..(end + 1)]);
    }

    [GeneratedRegex(@"^(?<stem>.+)-(?<part>\d{5})-of-(?<count>\d{5})\.gguf$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SplitPattern();

    [GeneratedRegex(@"^(I?Q[1-9](_[0-9A-Z]+)*|TQ[12]_0|MXFP4(_MOE)?|NVFP4|B?F16|F32|FP16|FP32)$", RegexOptions.CultureInvariant)]
    private static partial Regex TagPattern();
}
