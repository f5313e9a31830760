using System.Text.Json.Nodes;

namespace Orchard.Tests.Chat;

public sealed class GenerationOptionsTests
{
    public static TheoryData<GenerationOptions, string> OutOfRange => new()
    {
        { new() { MaxOutputTokens = 0 }, "MaxOutputTokens" },
        { new() { MaxOutputTokens = -1 }, "MaxOutputTokens" },
        { new() { MaxOutputTokens = int.MaxValue }, "MaxOutputTokens" },
        { new() { Temperature = -0.1 }, "Temperature" },
        { new() { Temperature = double.NaN }, "Temperature" },
        { new() { Temperature = double.PositiveInfinity }, "Temperature" },
        { new() { TopP = -0.01 }, "TopP" },
        { new() { TopP = 1.01 }, "TopP" },
        { new() { TopK = -1 }, "TopK" },
        { new() { MinP = -1 }, "MinP" },
        { new() { TypicalP = 0 }, "TypicalP" },
        { new() { TypicalP = double.NaN }, "TypicalP" },
        { new() { RepetitionPenalty = 0 }, "RepetitionPenalty" },
        { new() { RepetitionPenalty = 11 }, "RepetitionPenalty" },
        { new() { FrequencyPenalty = 2.1 }, "FrequencyPenalty" },
        { new() { PresencePenalty = -2.1 }, "PresencePenalty" },
        { new() { PenaltyWindow = -1 }, "PenaltyWindow" },
        { new() { PenaltyWindow = 65537 }, "PenaltyWindow" },
        { new() { LogitBias = null! }, "LogitBias" },
        { new() { LogitBias = new Dictionary<int, double> { [-1] = 0 } }, "LogitBias" },
        { new() { LogitBias = new Dictionary<int, double> { [1] = 101 } }, "LogitBias" },
        { new() { LogitBias = new Dictionary<int, double> { [1] = double.NaN } }, "LogitBias" },
        { new() { CandidateCount = 0 }, "CandidateCount" },
        { new() { CandidateCount = 129 }, "CandidateCount" },
        { new() { CandidateCount = 3, BestOf = 2 }, "BestOf" },
        { new() { BestOf = 129 }, "BestOf" },
        { new() { TopLogprobs = -1 }, "TopLogprobs" },
        { new() { TopLogprobs = 21 }, "TopLogprobs" },
        { new() { Mirostat = new() { Tau = 0 } }, "Mirostat.Tau" },
        { new() { Mirostat = new() { Eta = 2 } }, "Mirostat.Eta" },
        { new() { Xtc = new() { Probability = 1.1 } }, "Xtc.Probability" },
        { new() { Xtc = new() { Threshold = 0.6 } }, "Xtc.Threshold" },
        { new() { Dry = new() { Multiplier = -1 } }, "Dry.Multiplier" },
        { new() { Dry = new() { Base = 0 } }, "Dry.Base" },
        { new() { Dry = new() { AllowedLength = -1 } }, "Dry.AllowedLength" },
        { new() { Dry = new() { Window = 0 } }, "Dry.Window" },
        { new() { Dry = new() { SequenceBreakers = null! } }, "Dry.SequenceBreakers" },
        { new() { TemplateVariables = null! }, "TemplateVariables" },
        { new() { LoraAdapters = null! }, "LoraAdapters" },
        { new() { LoraAdapters = [.. Enumerable.Repeat(new LoraAdapter("x"), 17)] }, "LoraAdapters" },
        { new() { LoraAdapters = [new(Environment.ProcessPath!, 101)] }, "LoraAdapters.Scale" },
        { new() { LoraAdapters = [new(Environment.ProcessPath!, double.NaN)] }, "LoraAdapters.Scale" },
        { new() { StopSequences = null! }, "StopSequences" },
        { new() { StopSequences = [.. Enumerable.Repeat("x", 65)] }, "StopSequences" },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Validate_ValueOutsideItsRange_NamesOptionValueAndRange(GenerationOptions options, string name)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => GenerationOptionsRules.Check(options));

        Assert.Equal(name, error.ParamName);
        Assert.Contains("allowed is", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Validate_UnusableStopString_Throws(string? stop) =>
        Assert.Equal("StopSequences", Assert.Throws<ArgumentException>(() => GenerationOptionsRules.Check(new GenerationOptions { StopSequences = ["ok", stop!] })).ParamName);

    [Fact]
    public void Validate_StopStringWithoutUtf8Form_Throws() =>
        Assert.Throws<ArgumentException>(() => GenerationOptionsRules.Check(new GenerationOptions { StopSequences = ["unpaired \ud800"] }));

    [Fact]
    public void Validate_UnusableSequenceBreaker_Throws() => Assert.All(["", "unpaired \ud800"], static text => Assert.Equal(
        "Dry.SequenceBreakers", Assert.Throws<ArgumentException>(() => GenerationOptionsRules.Check(new GenerationOptions { Dry = new() { SequenceBreakers = [text] } })).ParamName));

    [Theory]
    [InlineData("")]
    [InlineData("no-such-adapter.gguf")]
    public void Validate_AdapterThatIsNotThere_NamesOptionAndPath(string path)
    {
        var error = Assert.Throws<ArgumentException>(() => GenerationOptionsRules.Check(new GenerationOptions { LoraAdapters = [new LoraAdapter(path)] }));

        Assert.Equal("LoraAdapters", error.ParamName);
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_AdapterBelowTheHomeDirectory_IsFound()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string path = $"~/{Path.GetRelativePath(home, typeof(GenerationOptionsTests).Assembly.Location)}";

        GenerationOptionsRules.Check(new GenerationOptions { LoraAdapters = [new LoraAdapter(path)] });
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Validate_UnusableChatTemplate_Throws(string template) =>
        Assert.Equal("ChatTemplate", Assert.Throws<ArgumentException>(() => GenerationOptionsRules.Check(new GenerationOptions { ChatTemplate = template })).ParamName);

    [Fact]
    public void Validate_ChatTemplateWithoutUtf8Form_Throws() =>
        Assert.Equal("ChatTemplate", Assert.Throws<ArgumentException>(() => GenerationOptionsRules.Check(new GenerationOptions { ChatTemplate = "unpaired \ud800" })).ParamName);

    [Theory]
    [InlineData("")]
    [InlineData("messages")]
    [InlineData("tools")]
    public void Validate_NameOfTemplateVariableTaken_Throws(string name) => Assert.Equal(
        "TemplateVariables",
        Assert.Throws<ArgumentException>(() => GenerationOptionsRules.Check(new GenerationOptions { TemplateVariables = new Dictionary<string, JsonNode?> { [name] = 1 } })).ParamName);

    [Fact]
    public void Validate_EdgesOfTheRanges_Pass() =>
        GenerationOptionsRules.Check(
            new GenerationOptions { MaxOutputTokens = 1 << 20, Temperature = 10, TopP = 1, TopK = 0, MinP = 1, Seed = 0, StopSequences = ["\U0001F600"] });
}
