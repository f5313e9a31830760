using System.Text;

namespace Orchard.TestSupport.Media;

/// <summary>An input that is no image or sound that a model could be shown.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="IsAudio">Whether it is sent as sound; otherwise as an image.</param>
/// <param name="Data">The bytes.</param>
/// <param name="Problem">A part of the client's message; null if only decoding it shows that it is bad.</param>
internal sealed record BadMedia(string Name, bool IsAudio, Func<byte[]> Data, string? Problem)
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("This is a text, and not an image. " + new string('.', 100));

    /// <summary>All cases.</summary>
    public static IReadOnlyList<BadMedia> All { get; } =
    [
        Image("nothing", () => [], "is empty"),
        Image("one byte", () => [1], "known format"),
        Image("zeros", () => new byte[1000], "known format"),
        Image("a text", () => Text, "known format"),
        Image("base64 of an image", () => Encoding.ASCII.GetBytes(Convert.ToBase64String(SampleMedia.Png())), "known format"),
        Image("a text that begins as a BMP image", () => "BMX is a sport on bicycles."u8.ToArray(), "known format"),
        Image("a page of the web", () => "<!DOCTYPE html><html></html>"u8.ToArray(), "HTML"),
        Image("an SVG drawing", () => "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "SVG"),
        Image("an XML document", () => "<?xml version='1.0'?><svg/>"u8.ToArray(), "XML"),
        Image("a PDF document", () => "%PDF-1.7\n"u8.ToArray(), "PDF"),
        Image("a ZIP archive", () => [.. "PK"u8, 3, 4, .. new byte[40]], "ZIP"),
        Image("a gzip file", () => [0x1f, 0x8b, 8, .. new byte[40]], "gzip"),
        Image("a model", () => [.. "GGUF"u8, 3, 0, 0, 0, .. new byte[40]], "GGUF"),
        Image("a WebP image", () => [.. "RIFF"u8, 40, 0, 0, 0, .. "WEBPVP8 "u8, .. new byte[40]], "WebP"),
        Image("an AVIF image", () => [0, 0, 0, 32, .. "ftypavif"u8, .. new byte[40]], "AVIF"),
        Image("a HEIC image", () => [0, 0, 0, 32, .. "ftypheic"u8, .. new byte[40]], "HEIC"),
        Image("a TIFF image", () => [.. "II*"u8, 0, 8, 0, 0, 0, .. new byte[40]], "TIFF"),
        Image("a TIFF image of the other order", () => [.. "MM"u8, 0, .. "*"u8, 0, 0, 0, 8, .. new byte[40]], "TIFF"),
        Image("an icon", () => [0, 0, 1, 0, 1, 0, .. new byte[40]], "ICO"),
        Image("a Photoshop image", () => [.. "8BPS"u8, 0, 1, .. new byte[40]], "Photoshop"),
        Image("a film", () => [0, 0, 0, 32, .. "ftypisom"u8, .. new byte[40]], "MP4"),
        Image("a WebM film", () => [0x1a, 0x45, 0xdf, 0xa3, .. new byte[40]], "WebM"),
        Image("sound", () => SampleMedia.Wave(), "not an image: its format is WAV"),
        Image("a PNG signature alone", () => SampleMedia.PngStart, "cut off"),
        Image("a PNG image cut off in its header", () => SampleMedia.Png()[..20], "cut off"),
        Image("a PNG image cut off in its pixels", () => SampleMedia.Png(64, 64)[..^20], "cut off"),
        Image("a PNG image without its last chunk", () => SampleMedia.Png()[..^12], "cut off"),
        Image("a PNG image without a header", () => [.. SampleMedia.PngStart, .. SampleMedia.Chunk("IEND", [])], "not a valid PNG"),
        Image("a PNG image with a chunk of four gigabytes", () => [.. SampleMedia.PngStart, .. SampleMedia.Header(4, 4), 255, 255, 255, 255, .. "IDAT"u8, .. new byte[64]], "cut off"),
        Image("a PNG image of 0 × 0 pixels", () => Png(0, 0), "no pixels"),
        Image("a PNG image of 0 × 5 pixels", () => Png(0, 5), "no pixels"),
        Image("a PNG image of 60,000 × 60,000 pixels", () => Png(60_000, 60_000), "60,000 × 60,000 pixels"),
        Image("a PNG image of 4,000,000,000 × 1 pixels", () => Png(4_000_000_000, 1), "pixels"),
        Image("a PNG image of 16,000 × 16,000 pixels", () => Png(16_000, 16_000), "16,000 × 16,000 pixels"),
        Image("an animated PNG image", () => [.. SampleMedia.PngStart, .. SampleMedia.Header(4, 4), .. SampleMedia.Chunk("acTL", [0, 0, 0, 5, 0, 0, 0, 0]), .. SampleMedia.Png(4, 4)[33..]], "animation"),
        Image("a PNG image without pixels", () => [.. SampleMedia.PngStart, .. SampleMedia.Header(4, 4), .. SampleMedia.Chunk("IEND", [])], null),
        Image("a PNG image whose pixels are not compressed data", () => [.. SampleMedia.PngStart, .. SampleMedia.Header(4, 4), .. SampleMedia.Chunk("IDAT", [1, 2, 3, 4]), .. SampleMedia.Chunk("IEND", [])], null),
        Image("a GIF signature alone", () => "GIF89a"u8.ToArray(), "cut off"),
        Image("a GIF without an image", () => SampleMedia.Gif(images: 0), "not a valid GIF"),
        Image("a GIF cut off in its image", () => SampleMedia.Gif()[..^4], "cut off"),
        Image("an animated GIF", () => SampleMedia.Gif(images: 3), "animation"),
        Image("a GIF of 0 × 0 pixels", () => SampleMedia.Gif(1, 0, 0), "no pixels"),
        Image("a GIF of 60,000 × 60,000 pixels", () => SampleMedia.Gif(1, 60_000, 60_000), "60,000 × 60,000 pixels"),
        Image("a BMP signature alone", () => [.. "BM"u8, .. new byte[12]], "cut off"),
        Image("a BMP image with an impossible header", () => [.. "BM"u8, .. new byte[60]], "not a valid BMP"),
        Image("a BMP image cut off in its pixels", () => SampleMedia.Bmp(16, 16)[..100], "cut off"),
        Image("a BMP image of 60,000 × 60,000 pixels", () => [.. SampleMedia.Bmp()[..18], 0x60, 0xea, 0, 0, 0x60, 0xea, 0, 0, .. SampleMedia.Bmp()[26..]], "60,000 × 60,000 pixels"),
        Image("a BMP image of 0 × 2 pixels", () => [.. SampleMedia.Bmp()[..18], 0, 0, 0, 0, .. SampleMedia.Bmp()[22..]], "no pixels"),
        Image("a JPEG signature alone", () => [0xff, 0xd8, 0xff], "cut off"),
        Image("a JPEG image cut off in its pixels", () => SampleMedia.JpegOutline()[..^2], "cut off"),
        Image("a JPEG image without a frame", () => [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0, 0xff, 0xd9], "not a valid JPEG"),
        Image("a JPEG image of 60,000 × 60,000 pixels", () => SampleMedia.JpegOutline(60_000, 60_000), "60,000 × 60,000 pixels"),
        Image("a JPEG image of 0 × 0 pixels", () => SampleMedia.JpegOutline(0, 0), "no pixels"),
        Image("a JPEG image without pixels", () => SampleMedia.JpegOutline(), null),
        Audio("nothing", () => [], "is empty"),
        Audio("a text", () => Text, "known format"),
        Audio("an image", () => SampleMedia.Png(), "not an audio file: its format is PNG"),
        Audio("an Ogg file", () => [.. "OggS"u8, .. new byte[40]], "Ogg"),
        Audio("an M4A file", () => [0, 0, 0, 32, .. "ftypM4A "u8, .. new byte[40]], "M4A"),
        Audio("an AAC file", () => [0xff, 0xf1, 0x50, 0x80, .. new byte[40]], "AAC"),
        Audio("a WAV file without sound", () => SampleMedia.Wave(samples: 0), "no sound"),
        Audio("a WAV file cut off", () => SampleMedia.Wave(samples: 1000)[..^200], "cut off"),
        Audio("a WAV file that ends after its header", () => SampleMedia.Wave()[..36], "cut off"),
        Audio("a WAV file without a format", () => [.. SampleMedia.Wave()[..12], .. SampleMedia.Wave()[36..]], "not a valid WAV"),
        Audio("a WAV file of 0 samples a second", () => SampleMedia.Wave(frequency: 0), "not a valid WAV"),
        Audio("a WAV file of an hour", () => SampleMedia.Wave(3600 * 100, 100), "60 minutes"),
        Audio("a FLAC signature alone", () => "fLaC"u8.ToArray(), "cut off"),
        Audio("a FLAC file of an hour", () => SampleMedia.FlacOutline(3600L * 16_000), "60 minutes"),
        Audio("a FLAC file of a hundred days", () => SampleMedia.FlacOutline(0xf_ffff_ffff, 8000), "minutes"),
        Audio("an MP3 file of an hour", () => SampleMedia.Mp3Outline(3600), "60 minutes"),
        Audio("a FLAC file without sound", () => SampleMedia.FlacOutline(), null),
    ];

    public override string ToString() => Name;

    private static BadMedia Image(string name, Func<byte[]> data, string? problem) => new($"image: {name}", false, data, problem);

    private static BadMedia Audio(string name, Func<byte[]> data, string? problem) => new($"audio: {name}", true, data, problem);

    private static byte[] Png(uint width, uint height) =>
        [.. SampleMedia.PngStart, .. SampleMedia.Header(width, height), .. SampleMedia.Chunk("IDAT", [0x78, 0x9c, 3, 0, 0, 0, 0, 1]), .. SampleMedia.Chunk("IEND", [])];
}
