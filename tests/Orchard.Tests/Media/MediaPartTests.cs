using Orchard.TestSupport;
using Orchard.TestSupport.Media;

namespace Orchard.Tests.Media;

/// <summary>Images and sound from bytes, files and URIs.</summary>
public sealed class MediaPartTests
{
    private static readonly byte[] Image = SampleMedia.Png();

    [Theory]
    [InlineData("data:image/png;base64,")]
    [InlineData("DATA:image/png;charset=binary;BASE64,")]
    public void ImageFromDataUri_Base64_IsTheData(string start)
    {
        ImagePart part = ContentPart.ImageFromDataUri(start + Convert.ToBase64String(Image));

        Assert.Equal(Image, part.Data.ToArray());
        Assert.Equal("image/png", part.MediaType);
    }

    [Fact]
    public void ImageFromDataUri_EscapedOrUrlSafeBase64_IsTheData()
    {
        string base64 = Convert.ToBase64String(Image);

        Assert.Equal(Image, ContentPart.ImageFromDataUri($"data:;base64,{Uri.EscapeDataString(base64)}").Data.ToArray());
        Assert.Equal(
            Image,
            ContentPart.ImageFromDataUri($"data:;base64,{base64.Replace('+', '-').Replace('/', '_').TrimEnd('=')}").Data.ToArray());
    }

    [Fact]
    public void ImageFromDataUri_PercentEscapes_AreTheData() => Assert.Equal(
        Image, ContentPart.ImageFromDataUri("data:image/png," + string.Concat(Image.Select(one => $"%{one:x2}"))).Data.ToArray());

    [Theory]
    [InlineData("https://example.com/cat.png", "downloaded")]
    [InlineData("/home/me/cat.png", "does not begin with 'data:'")]
    [InlineData("data:image/png;base64", "comma")]
    [InlineData("data:image/png;base64,???", "not base64")]
    [InlineData("data:audio/wav;base64,AAAA", "audio/wav")]
    [InlineData("data:text/plain,hello", "text/plain")]
    public void ImageFromDataUri_AnythingElse_IsRefused(string uri, string problem)
    {
        var error = Assert.Throws<ArgumentException>(() => ContentPart.ImageFromDataUri(uri));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImageFromFile_File_IsRead()
    {
        using var folder = new TemporaryRoot();
        string path = Path.Combine(folder.Path, "cat.png");
        File.WriteAllBytes(path, Image);

        Assert.Equal(Image, ContentPart.ImageFromFile(path).Data.ToArray());
    }

    [Fact]
    public void ImageFromFile_NoFile_IsToldByItsPath()
    {
        var error = Assert.ThrowsAny<IOException>(() => ContentPart.ImageFromFile("no-such-image.png"));

        Assert.Contains("no-such-image.png", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImageFromFile_LargerThanAnImageMayBe_IsNotRead()
    {
        using var folder = new TemporaryRoot();
        string path = Path.Combine(folder.Path, "large.png");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(33 << 20);
        }

        var error = Assert.Throws<InvalidMediaException>(() => ContentPart.ImageFromFile(path));

        Assert.Contains("34,603,008 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Image_TypeOfSomethingElse_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ContentPart.Image(Image, "application/pdf"));

    [Fact]
    public void User_TextAndImages_AreInThisOrder()
    {
        Message message = Message.User("What is this?", ContentPart.Image(Image), ContentPart.Audio(SampleMedia.Wave()));

        Assert.Equal(
            [typeof(TextPart), typeof(ImagePart), typeof(AudioPart)], message.Content.Select(static part => part.GetType()));
        Assert.Equal("What is this?", message.Text);
    }
}
