using Orchard.Protocol.Media;
using Orchard.TestSupport.Media;

namespace Orchard.Tests.Media;

/// <summary>What the headers of images and sound say is checked before anything is sent.</summary>
public sealed class MediaRulesTests
{
    public static TheoryData<string> Bad => [.. BadMedia.All.Select(static bad => bad.Name)];

    public static TheoryData<string, byte[]> GoodImages => new()
    {
        { "image/png", SampleMedia.Png() },
        { "image/png", SampleMedia.Png(300, 200) },
        { "image/jpeg", SampleMedia.JpegOutline() },
        { "image/gif", SampleMedia.Gif() },
        { "image/gif", SampleMedia.Gif()[..^1] },
        { "image/bmp", SampleMedia.Bmp() },
        { "image/bmp", SampleMedia.Bmp(3, -5) },
    };

    public static TheoryData<string, byte[]> GoodAudio => new()
    {
        { "audio/wav", SampleMedia.Wave() },
        { "audio/wav", SampleMedia.Wave(statedBytes: uint.MaxValue) },
        { "audio/flac", SampleMedia.FlacOutline() },
        { "audio/flac", SampleMedia.FlacOutline(samples: 0) },
        { "audio/mpeg", SampleMedia.Mp3Outline() },
        { "audio/mpeg", [.. "ID3"u8, 4, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5, .. SampleMedia.Mp3Outline()] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void FindProblem_BadInput_IsToldAsFarAsTheHeaderShowsIt(string name)
    {
        BadMedia bad = BadMedia.All.Single(candidate => candidate.Name == name);

        string? problem = MediaRules.FindProblem(bad.IsAudio ? MediaKind.Audio : MediaKind.Image, bad.Data());

        if (bad.Problem is null)
        {
            Assert.Null(problem);
        }
        else
        {
            Assert.Contains(bad.Problem, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bad_ThereAreAtLeast60() => Assert.InRange(BadMedia.All.Count, 60, 200);

    [Theory]
    [MemberData(nameof(GoodImages))]
    public void FindProblem_Image_None(string type, byte[] file)
    {
        Assert.Null(MediaRules.FindProblem(MediaKind.Image, file));
        Assert.Equal(type, ContentPart.Image(file).MediaType);
    }

    [Theory]
    [MemberData(nameof(GoodAudio))]
    public void FindProblem_Audio_None(string type, byte[] file)
    {
        Assert.Null(MediaRules.FindProblem(MediaKind.Audio, file));
        Assert.Equal(type, ContentPart.Audio(file).MediaType);
    }

    [Fact]
    public void FindProblem_EveryBeginningOfAFile_IsReadWithoutAFailure()
    {
        foreach ((MediaKind kind, byte[] file) in new[]
        {
            (MediaKind.Image, SampleMedia.Png()), (MediaKind.Image, SampleMedia.Gif(2)), (MediaKind.Image, SampleMedia.Bmp()),
            (MediaKind.Image, SampleMedia.JpegOutline()), (MediaKind.Audio, SampleMedia.Wave(20)), (MediaKind.Audio, SampleMedia.FlacOutline()),
            (MediaKind.Audio, SampleMedia.Mp3Outline()),
        })
        {
            for (int length = 0; length < file.Length; length++)
            {
                MediaRules.FindProblem(kind, file.AsSpan(0, length));
            }
        }
    }

    [Fact]
    public void FindProblem_RandomChanges_AreReadWithoutAFailure()
    {
        var random = new Random(27);
        byte[][] files =
        [
            SampleMedia.Png(), SampleMedia.Gif(2), SampleMedia.Bmp(), SampleMedia.JpegOutline(), SampleMedia.Wave(20), SampleMedia.FlacOutline(),
            SampleMedia.Mp3Outline(), [.. "ID3"u8, 4, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5, .. SampleMedia.Mp3Outline()],
        ];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] file = [.. files[i % files.Length]];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                file[random.Next(file.Length)] = (byte)random.Next(256);
            }

            MediaRules.FindProblem(MediaKind.Image, file);
            MediaRules.FindProblem(MediaKind.Audio, file);
        }
    }
}
