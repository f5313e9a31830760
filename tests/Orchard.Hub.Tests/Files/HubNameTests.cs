using Orchard.Hub.Files;

namespace Orchard.Hub.Tests.Files;

public sealed class HubNameTests
{
    [Theory]
    [InlineData("Qwen/Qwen3-0.6B-GGUF", "Qwen/Qwen3-0.6B-GGUF", null, null)]
    [InlineData("Qwen/Qwen3-0.6B-GGUF:Q8_0", "Qwen/Qwen3-0.6B-GGUF", null, "Q8_0")]
    [InlineData(" hf:Qwen/Qwen3-0.6B-GGUF:Q8_0 ", "Qwen/Qwen3-0.6B-GGUF", null, "Q8_0")]
    [InlineData("hf.co/a/b:latest", "a/b", null, "latest")]
    [InlineData("huggingface.co/a/b", "a/b", null, null)]
    [InlineData("https://huggingface.co/a/b", "a/b", null, null)]
    [InlineData("https://huggingface.co/a/b@v1.0:Q4_0", "a/b", "v1.0", "Q4_0")]
    [InlineData("https://huggingface.co/a/b/blob/main/x/y.gguf", "a/b", null, "x/y.gguf")]
    [InlineData("https://huggingface.co/a/b/resolve/v2/y.gguf?download=true", "a/b", "v2", "y.gguf")]
    [InlineData("https://huggingface.co/a/b/tree/main", "a/b", null, null)]
    [InlineData("a/b@refs/pr/3", "a/b", "refs/pr/3", null)]
    [InlineData("a/b:dir/file-00001-of-00002.gguf", "a/b", null, "dir/file-00001-of-00002.gguf")]
    [InlineData("hf:a/b.gguf", "a/b.gguf", null, null)]
    [InlineData("a_1/b_2", "a_1/b_2", null, null)]
    public void TryParse_Name_HasItsParts(string text, string repository, string? revision, string? tag)
    {
        Assert.True(HubName.TryParse(text, out HubName? name));
        Assert.Equal(new HubName(repository, revision, tag), name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("starter")]
    [InlineData("models/file.gguf")]
    [InlineData("./models/file")]
    [InlineData("../models")]
    [InlineData("~/models")]
    [InlineData("/models/file")]
    [InlineData("C:/models")]
    [InlineData("C:\\models\\file")]
    [InlineData("a/b/c")]
    [InlineData("a//b")]
    [InlineData("a/b-")]
    [InlineData("-a/b")]
    [InlineData("a/..b")]
    [InlineData("a/b c")]
    [InlineData("a/b@")]
    [InlineData("a/b:")]
    [InlineData("a/b@../x")]
    [InlineData("a/b:../x.gguf")]
    [InlineData("a/b@-x")]
    [InlineData("a/b?x=1")]
    [InlineData("ä/b")]
    public void TryParse_NoName_False(string text) => Assert.False(HubName.TryParse(text, out _));

    [Fact]
    public void TryParse_LongerThan256Characters_False() => Assert.False(HubName.TryParse("a/" + new string('b', 255), out _));
}
