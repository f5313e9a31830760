using Orchard.Engine.Inference.Llama;
using Orchard.Protocol;

namespace Orchard.Engine.Tests.Inference;

public sealed class DecoderOverridesTests
{
    [Fact]
    public void Read_NothingSet_ChangesNothing()
    {
        var options = new DecoderOptions { Threads = 3, MaxThreads = 4, AdaptsThreads = true };

        Assert.Equal(options, Read(_ => null).Apply(options));
    }

    [Fact]
    public void Read_Everything_IsApplied()
    {
        DecoderOptions options = Read(name => name switch
        {
            DecoderOverrides.ThreadsVariable => "3",
            DecoderOverrides.SpeculationVariable => "off",
            DecoderOverrides.CacheLayoutVariable => "Unified",
            _ => null,
        }).Apply(new DecoderOptions { MaxThreads = 4, AdaptsThreads = true });

        Assert.Equal((3, 1, false), (options.Threads, options.MaxThreads, options.AdaptsThreads));
        Assert.False(options.Speculates);
        Assert.True(options.UnifiedKeyValueCache);
    }

    [Theory]
    [InlineData(DecoderOverrides.ThreadsVariable, "0")]
    [InlineData(DecoderOverrides.ThreadsVariable, "-1")]
    [InlineData(DecoderOverrides.ThreadsVariable, "513")]
    [InlineData(DecoderOverrides.ThreadsVariable, "many")]
    [InlineData(DecoderOverrides.SpeculationVariable, "maybe")]
    [InlineData(DecoderOverrides.CacheLayoutVariable, "1")]
    public void Read_ValueThatIsNotAllowed_IsRefused(string variable, string value)
    {
        var error = Assert.Throws<InvalidSettingException>(() => Read(name => name == variable ? value : null));

        Assert.StartsWith($"The environment variable {variable} is '{value}'. Set it to ", error.Message, StringComparison.Ordinal);
    }

    private static DecoderOverrides Read(Func<string, string?> environment) => DecoderOverrides.Read(environment);
}
