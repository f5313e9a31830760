using System.Globalization;
using Orchard.Engine.Inference.Gguf;

namespace Orchard.Engine.Inference.Media;

/// <summary>
/// What the header of a projector file says. Reading it verifies that the file is complete and that its sizes are possible, because native
/// code computes with them.
/// </summary>
internal sealed record ProjectorHeader
{
    private const int MostLayers = 512;
    private const int MostWidth = 1 << 16;
    private const int MostHeads = 1024;
    private const int MostSide = 1 << 14;
    private const int MostBins = 1024;
    private const long Megabyte = 1 << 20;
    private const long Buffers = 32 * Megabyte;
    private const int ActivationsPerPatch = 24;

    private readonly IReadOnlySet<long> _widths;

    private ProjectorHeader(IReadOnlySet<long> widths) => _widths = widths;

    public required string Path { get; init; }

    public required long FileBytes { get; init; }

    /// <summary>Whether the file has an encoder of images.</summary>
    public required bool SeesImages { get; init; }

    /// <summary>Whether the file has an encoder of sound.</summary>
    public required bool HearsSound { get; init; }

    /// <summary>
    /// Bytes that encoding takes besides the file, as far as the header says: for an image of the size that it was trained for.
    /// </summary>
    public required long ComputeBytes { get; init; }

    /// <summary>Bytes of the loaded projector.</summary>
    public long TotalBytes => FileBytes + ComputeBytes;

    /// <summary>Whether it can be the projector of a model with embeddings of a width. The library finds out whether it is.</summary>
    public bool Fits(long width) => _widths.Contains(width);

    /// <summary>Reads the header of a projector file.</summary>
    /// <exception cref="ModelFileException">The file is missing, unreadable, no projector, damaged, truncated or unsupported.</exception>
    public static ProjectorHeader Read(string path)
    {
        GgufPart file = GgufPart.Read(path);
        GgufMetadata metadata = file.Metadata;
        if (metadata.Architecture is not "clip")
        {
            throw new ModelFileException(path, $"'{path}' is not a projector for images or sound: it contains {What(metadata)}.");
        }

        bool seesImages = (metadata.Get("clip.has_vision_encoder")?.Sum ?? 0) != 0;
        bool hearsSound = (metadata.Get("clip.has_audio_encoder")?.Sum ?? 0) != 0;
        string? problem = !seesImages && !hearsSound ? "it has neither an encoder of images nor one of sound"
            : (seesImages ? FindProblem(metadata, "vision") ?? FindImageProblem(metadata) : null)
                ?? (hearsSound ? FindProblem(metadata, "audio") ?? Range(metadata, "clip.audio.num_mel_bins", 1, MostBins) : null);
        if (problem is not null)
        {
            throw new ModelFileException(path, $"The projector '{path}' ({file.Length:N0} bytes) cannot be used: {problem}.");
        }

        long[] declared = [Number(metadata, "clip.vision.projection_dim"), Number(metadata, "clip.audio.projection_dim")];
        return new ProjectorHeader(new HashSet<long>([.. file.Tensors.Widths, .. declared]))
        {
            Path = path,
            FileBytes = file.Length,
            SeesImages = seesImages,
            HearsSound = hearsSound,
            ComputeBytes = Buffers + (seesImages ? ImageBytes(metadata) : 0),
        };
    }

    private static string What(GgufMetadata metadata) =>
        metadata.Architecture is { } architecture ? $"a model of the architecture '{architecture}'" : "something else";

    private static string? FindProblem(GgufMetadata metadata, string encoder) =>
        // Positions of these depend on the whole prompt, of which the library gets only the image.
        Projector(metadata, encoder) is "deepseek4v" or "hunyuanvl"
            ? $"projectors of the type '{Projector(metadata, encoder)}' are not supported"
        : Range(metadata, $"clip.{encoder}.embedding_length", 1, MostWidth)
            ?? Range(metadata, $"clip.{encoder}.attention.head_count", 1, MostHeads)
            ?? Range(metadata, $"clip.{encoder}.block_count", 0, MostLayers)
            ?? Range(metadata, $"clip.{encoder}.projection_dim", 0, MostWidth)
            ?? Range(metadata, $"clip.{encoder}.feed_forward_length", 0, MostWidth * 4)
            ?? (Number(metadata, $"clip.{encoder}.attention.head_count") > Number(metadata, $"clip.{encoder}.embedding_length")
                ? "it has more attention heads than embedding dimensions"
                : null);

    private static string? FindImageProblem(GgufMetadata metadata) =>
        Range(metadata, "clip.vision.image_size", 1, MostSide)
        ?? Range(metadata, "clip.vision.patch_size", 1, (int)Number(metadata, "clip.vision.image_size"));

    private static string? Projector(GgufMetadata metadata, string encoder) =>
        metadata.GetName("clip.projector_type") ?? metadata.GetName($"clip.{encoder}.projector_type");

    private static string? Range(GgufMetadata metadata, string key, int least, int most) =>
        metadata.Get(key) is not { } number ? $"it does not specify {key}"
        : number.Sum < least || number.Sum > most
            ? string.Create(CultureInfo.InvariantCulture, $"{key} is {number.Sum}; it must be from {least} to {most}")
            : null;

    private static long Number(GgufMetadata metadata, string key) => metadata.Get(key)?.Sum ?? 0;

    // The scores of all heads, twice, and intermediate results of each patch.
    private static long ImageBytes(GgufMetadata metadata)
    {
        long side = Number(metadata, "clip.vision.image_size") / Number(metadata, "clip.vision.patch_size");
        long patches = Math.Min(side * side, 1 << 14);
        long scores = 2 * sizeof(float) * patches * patches * Number(metadata, "clip.vision.attention.head_count");
        return scores + (ActivationsPerPatch * sizeof(float) * patches * Number(metadata, "clip.vision.embedding_length"));
    }
}
