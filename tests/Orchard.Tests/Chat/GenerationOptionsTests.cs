namespace Orchard.Tests.Chat;

public sealed class GenerationOptionsTests
{
    public static TheoryData<GenerationOptions, string> OutOfRange => new()
    {
        { new() { MaxTokens = 0 }, "MaxTokens" },
        { new() { MaxTokens = -1 }, "MaxTokens" },
        { new() { MaxTokens = int.MaxValue }, "MaxTokens" },
        { new() { Temperature = -0.1 }, "Temperature" },
        { new() { Temperature = double.NaN }, "Temperature" },
        { new() { Temperature = double.PositiveInfinity }, "Temperature" },
        { new() { TopP = 0 }, "TopP" },
        { new() { TopP = 1.01 }, "TopP" },
        { new() { TopK = 0 }, "TopK" },
        { new() { MinP = -1 }, "MinP" },
        { new() { StopStrings = null! }, "StopStrings" },
        { new() { StopStrings = [.. Enumerable.Repeat("x", 65)] }, "StopStrings" },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Validate_ValueOutsideItsRange_NamesOptionValueAndRange(GenerationOptions options, string name)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(options.Validate);

        Assert.Equal(name, error.ParamName);
        Assert.Contains("allowed is", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Validate_UnusableStopString_Throws(string? stop) =>
        Assert.Equal("StopStrings", Assert.Throws<ArgumentException>(new GenerationOptions { StopStrings = ["ok", stop!] }.Validate).ParamName);

    [Fact]
    public void Validate_StopStringWithoutUtf8Form_Throws() =>
        Assert.Throws<ArgumentException>(new GenerationOptions { StopStrings = ["unpaired \ud800"] }.Validate);

    [Fact]
    public void Validate_EdgesOfTheRanges_Pass() =>
        new GenerationOptions { MaxTokens = 1 << 20, Temperature = 10, TopP = 1, TopK = 1, MinP = 1, Seed = 0, StopStrings = ["\U0001F600"] }.Validate();
}
