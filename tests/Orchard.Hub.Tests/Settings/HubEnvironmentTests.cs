using Orchard.Hub.Errors;
using Orchard.Hub.Settings;
using Orchard.Hub.Store;
using Orchard.TestSupport;

namespace Orchard.Hub.Tests.Settings;

public sealed class HubEnvironmentTests : IDisposable
{
    private readonly TemporaryRoot _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("", ".cache/huggingface/hub")]
    [InlineData("XDG_CACHE_HOME=/x", "/x/huggingface/hub")]
    [InlineData("XDG_CACHE_HOME=/x HF_HOME=/h", "/h/hub")]
    [InlineData("HF_HOME=~/h", "h/hub")]
    [InlineData("HF_HOME=/h HUGGINGFACE_HUB_CACHE=/old", "/old")]
    [InlineData("HF_HOME=/h HUGGINGFACE_HUB_CACHE=/old HF_HUB_CACHE=/new", "/new")]
    public void Read_CacheFolder_ByPrecedence(string variables, string expected) =>
        Assert.Equal(Path.GetFullPath(Path.Combine(_home.Path, expected)), Read(variables).Roots[0]);

    [Fact]
    public void Read_CacheOption_ReplacesAllCaches() =>
        Assert.Equal([Path.GetFullPath("/mine")], Environment("HF_HUB_CACHE=/new").Read(null, null, "/mine", null).Roots);

    [Theory]
    [InlineData("", null)]
    [InlineData("HF_TOKEN=hf_a", "hf_a")]
    [InlineData("HF_TOKEN=hf_a HF_HUB_DISABLE_IMPLICIT_TOKEN=1", null)]
    [InlineData("HF_HOME=~/with", "hf_file")]
    [InlineData("HF_TOKEN_PATH=~/with/token", "hf_file")]
    [InlineData("HF_TOKEN=hf_a HF_TOKEN_PATH=~/with/token", "hf_a")]
    public void Read_Token_ByPrecedence(string variables, string? expected)
    {
        Directory.CreateDirectory(Path.Combine(_home.Path, "with"));
        File.WriteAllText(Path.Combine(_home.Path, "with", "token"), "hf_file\n");

        Assert.Equal(expected, Read(variables).Token);
    }

    [Fact]
    public void Read_TokenOption_ReplacesTheEnvironment()
    {
        Assert.Equal("hf_b", Environment("HF_TOKEN=hf_a HF_HUB_DISABLE_IMPLICIT_TOKEN=1").Read(null, "hf_b", null, null).Token);
        Assert.Null(Environment("").Read(null, "two\nlines", null, null).Token);
    }

    [Fact]
    public void Read_NoHomeDirectory_NothingBelowTheCurrentDirectory()
    {
        HubSettings settings = new HubEnvironment(_ => null, "").Read(null, null, null, null);

        Assert.Empty(settings.Roots);
        Assert.Null(settings.OllamaModels);
        Assert.Null(settings.LmStudioModels);
        Assert.Null(settings.Token);
        Assert.Contains("HF_HUB_CACHE", Assert.Throws<HubException>(() => WritableRoot.Find(settings.Roots)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("HF_HUB_OFFLINE=1", true)]
    [InlineData("HF_HUB_OFFLINE=on", true)]
    [InlineData("HF_HUB_OFFLINE=0", false)]
    [InlineData("TRANSFORMERS_OFFLINE=yes", true)]
    public void Read_Offline_AsTheHuggingFaceLibraries(string variables, bool expected) => Assert.Equal(expected, Read(variables).IsOffline);

    [Fact]
    public void Read_Endpoint_DefaultVariableAndOption()
    {
        Assert.Equal(new Uri("https://huggingface.co/"), Read("").Endpoint);
        Assert.Equal(new Uri("http://mirror/hf/"), Read("HF_ENDPOINT=http://mirror/hf").Endpoint);
        Assert.Equal(new Uri("https://own/"), Environment("HF_ENDPOINT=http://mirror").Read("https://own", null, null, null).Endpoint);
        Assert.Throws<ArgumentException>(() => Read("HF_ENDPOINT=mirror"));
    }

    [Fact]
    public void Read_TimeoutsLinksAndOtherPrograms()
    {
        HubSettings settings = Read("HF_HUB_ETAG_TIMEOUT=3 HF_HUB_DOWNLOAD_TIMEOUT=x HF_HUB_DISABLE_SYMLINKS=1 OLLAMA_MODELS=/o");
        Assert.Equal(TimeSpan.FromSeconds(3), settings.ResponseTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.StallTimeout);
        Assert.False(settings.UseLinks);
        Assert.Equal(Path.GetFullPath("/o"), settings.OllamaModels);
    }

    private HubSettings Read(string variables) => Environment(variables).Read(null, null, null, null);

    private HubEnvironment Environment(string variables)
    {
        Dictionary<string, string> values = variables
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('=', 2))
            .ToDictionary(variable => variable[0], variable => variable[1]);
        return new HubEnvironment(values.GetValueOrDefault, _home.Path);
    }
}
