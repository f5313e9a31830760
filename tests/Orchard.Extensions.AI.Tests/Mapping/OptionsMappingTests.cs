using System.Text.Json;

namespace Orchard.Extensions.AI.Tests.Mapping;

public sealed class OptionsMappingTests
{
    private static readonly IChatClient Client = new OrchardChatClient(null!, "model");

    public static TheoryData<string, ChatOptions> Refused => new()
    {
        { "Tools", new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] } },
        { "ToolMode", new ChatOptions { ToolMode = ChatToolMode.RequireAny } },
        { "ToolMode", new ChatOptions { ToolMode = ChatToolMode.RequireSpecific("one") } },
        { "ResponseFormat", new ChatOptions { ResponseFormat = ChatResponseFormat.Json } },
        { "Reasoning", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } } },
        { "ConversationId", new ChatOptions { ConversationId = "c1" } },
        { "AdditionalProperties[\"logit_bias\"]", new ChatOptions { AdditionalProperties = new() { ["logit_bias"] = 0.9 } } },
        { "AdditionalProperties[\"TopLogprobs\"]", new ChatOptions { AdditionalProperties = new() { ["TopLogprobs"] = 3 } } },
        { "RawRepresentationFactory", new ChatOptions { RawRepresentationFactory = _ => "options of somebody else" } },
    };

    [Fact]
    public void Options_EveryOneThatOrchardHas_IsHonoured()
    {
        GenerationOptions mapped = Map(new ChatOptions
        {
            MaxOutputTokens = 7,
            Temperature = 0.5f,
            TopP = 0.25f,
            TopK = 40,
            Seed = uint.MaxValue,
            StopSequences = ["END", "STOP"],
            FrequencyPenalty = 0.5f,
            PresencePenalty = -0.5f,
            AdditionalProperties = new()
            {
                ["min_p"] = 0.125,
                ["typical_p"] = 0.75,
                ["repetition_penalty"] = 1.5,
                ["deterministic"] = true,
                ["ignore_eos"] = true,
                ["prefix_cache"] = false,
            },
        });

        var expected = new GenerationOptions { MaxTokens = 7, Temperature = 0.5, TopP = 0.25, TopK = 40, MinP = 0.125, Seed = uint.MaxValue } with
        {
            FrequencyPenalty = 0.5,
            PresencePenalty = -0.5,
            TypicalP = 0.75,
            RepetitionPenalty = 1.5,
            Deterministic = true,
            IgnoreEndOfSequence = true,
            PrefixCache = false,
        };
        Assert.Equal(["END", "STOP"], mapped.StopStrings);
        Assert.Equal(expected with { StopStrings = mapped.StopStrings }, mapped);
    }

    [Fact]
    public void Options_EveryPropertyOfOurs_CanBeReached()
    {
        // Whoever adds an option to Orchard meets this test, and adds a line to the mapping.
        Assert.Equal(
            [
                "BestOf", "CandidateCount", "Deterministic", "Dry", "FrequencyPenalty", "IgnoreEndOfSequence", "KeepStopString", "LogitBias", "Logprobs",
                "MaxTokens", "MinP", "Mirostat", "PenaltyWindow", "PrefixCache", "PresencePenalty", "RepetitionPenalty", "Seed", "StopStrings",
                "Temperature", "TopK", "TopLogprobs", "TopP", "TypicalP", "Xtc",
            ],
            typeof(GenerationOptions).GetProperties().Where(property => property.SetMethod is not null).Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Options_EveryPropertyOfTheirs_IsHonouredOrRefused()
    {
        // Likewise, for whoever takes a new version of the abstractions.
        Assert.Equal(
            [
                "AdditionalProperties", "AllowBackgroundResponses", "AllowMultipleToolCalls", "ContinuationToken", "ConversationId", "FrequencyPenalty",
                "Instructions", "MaxOutputTokens", "ModelId", "PresencePenalty", "RawRepresentationFactory", "Reasoning", "ResponseFormat", "Seed",
                "StopSequences", "Temperature", "ToolMode", "Tools", "TopK", "TopP",
            ],
            typeof(ChatOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Options_None_AreTheDefaults()
    {
        Assert.Equal(Map(null), Map(new ChatOptions()));
        Assert.Equal(0, Map(null).Temperature);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Options_NotSupported_RefusedByName(string name, ChatOptions options)
    {
        var error = Assert.Throws<NotSupportedException>(() => Map(options));

        Assert.Contains($"ChatOptions.{name}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ThatAskForNothing_AreTaken()
    {
        var options = new ChatOptions
        {
            Tools = [],
            ToolMode = ChatToolMode.Auto,
            AllowMultipleToolCalls = true,
            ResponseFormat = ChatResponseFormat.Text,
            Reasoning = new ReasoningOptions(),
            FrequencyPenalty = 0,
            PresencePenalty = 0,
            AdditionalProperties = new() { ["logit_bias"] = null, ["conversation-tag"] = "x" },
        };

        Assert.Equal(Map(null), Map(options) with { StopStrings = Map(null).StopStrings });
    }

    [Fact]
    public void Tools_ModelMustNotCallThem_AreTaken() =>
        Assert.Equal(0, Map(new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")], ToolMode = ChatToolMode.None }).Temperature);

    [Theory]
    [InlineData("min_p")]
    [InlineData("minP")]
    [InlineData("Min-P")]
    public void AdditionalProperty_AnySpelling_IsTheOption(string name) =>
        Assert.Equal(0.5, Map(new ChatOptions { AdditionalProperties = new() { [name] = 0.5f } }).MinP);

    [Fact]
    public void AdditionalProperty_FromJson_IsTheOption()
    {
        using JsonDocument json = JsonDocument.Parse("0.5");

        Assert.Equal(0.5, Map(new ChatOptions { AdditionalProperties = new() { ["min_p"] = json.RootElement } }).MinP);
    }

    [Fact]
    public void AdditionalProperty_NoNumber_SaysWhichAndWhat()
    {
        var error = Assert.Throws<ArgumentException>(() => Map(new ChatOptions { AdditionalProperties = new() { ["min_p"] = "much" } }));

        Assert.Contains("[\"min_p\"] is 'much'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RawRepresentation_OptionsOfOurs_AreTheStartingPoint()
    {
        GenerationOptions mapped = Map(new ChatOptions
        {
            RawRepresentationFactory = client => client == Client ? new GenerationOptions { MinP = 0.1, TopK = 3, MaxTokens = 5 } : null,
            TopK = 9,
        });

        Assert.Equal((0.1, 9, 5), (mapped.MinP, mapped.TopK, mapped.MaxTokens));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1L << 32)]
    public void Seed_OutsideItsRange_SaysSo(long seed) =>
        Assert.Contains("ChatOptions.Seed", Assert.Throws<ArgumentOutOfRangeException>(() => Map(new ChatOptions { Seed = seed })).Message, StringComparison.Ordinal);

    private static GenerationOptions Map(ChatOptions? options) => OptionsMapping.ToGenerationOptions(options, Client);
}
