using Orchard.Hub.Files;
using Orchard.Hub.Transfer;

namespace Orchard.Hub.Tests.Transfer;

public sealed class ContentHashTests
{
    [Theory]
    [InlineData("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")] // as git hash-object prints them
    [InlineData("hello world\n", "3b18e512dba79e4c8300dd08aeb37f8e728b8dad")]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void IsMatch_KnownContent_OnlyThatContent(string text, string id)
    {
        byte[] content = System.Text.Encoding.ASCII.GetBytes(text);
        using var hash = new ContentHash(new HubFile("file", content.Length, id));
        hash.Append([1]);
        Assert.False(hash.IsMatch());

        hash.Reset();
        hash.Append(content);

        Assert.True(hash.IsMatch());
    }
}
