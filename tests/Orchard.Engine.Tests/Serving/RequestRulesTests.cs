using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Sampling;
using Orchard.Engine.Serving;
using Orchard.Engine.Serving.Requests;
using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Media;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Serving;

public sealed class RequestRulesTests
{
    private const int Vocabulary = 100;

    private static readonly WirePrompt Fine = new() { Text = "hi"u8.ToArray() };

    public static TheoryData<string, object> Unsupported => new()
    {
        { "coord", Fine with { Capabilities = [new CapabilityInput("coord", 0, new byte[4])] } },
        { "caption_short", Fine with { TaskName = "caption_short" } },
    };

    public static TheoryData<string, object> Invalid => new()
    {
        { "temperature", Fine with { Temperature = double.NaN } },
        { "temperature", Fine with { Temperature = -0.1 } },
        { "temperature", Fine with { Temperature = double.PositiveInfinity } },
        { "top_p", Fine with { TopP = 1.1 } },
        { "min_p", Fine with { MinP = -1 } },
        { "frequency_penalty", Fine with { FrequencyPenalty = 1e300 } },
        { "presence_penalty", Fine with { PresencePenalty = double.NegativeInfinity } },
        { "repetition_penalty", Fine with { RepetitionPenalty = -1 } },
        { "repetition_context_size", Fine with { RepetitionContextSize = -1 } },
        { "max_generated_tokens", Fine with { MaxGeneratedTokens = -1 } },
        { "top_logprobs", Fine with { TopLogprobs = 101 } },
        { "typical_p", Fine with { Extensions = new() { TypicalP = 1.5 } } },
        { "mirostat.tau", Fine with { Extensions = new() { Mirostat = new(-1, 0.1) } } },
        { "mirostat.eta", Fine with { Extensions = new() { Mirostat = new(5, double.NaN) } } },
        { "xtc.probability", Fine with { Extensions = new() { Xtc = new(2, 0.1) } } },
        { "xtc.threshold", Fine with { Extensions = new() { Xtc = new(0.5, -1) } } },
        { "dry.multiplier", Fine with { Extensions = new() { Dry = new(-1, 1.75, 2, 64, []) } } },
        { "dry.base", Fine with { Extensions = new() { Dry = new(1, 0, 2, 64, []) } } },
        { "dry.allowed_length", Fine with { Extensions = new() { Dry = new(1, 1.75, -1, 64, []) } } },
        { "dry.window", Fine with { Extensions = new() { Dry = new(1, 1.75, 2, -1, []) } } },
        { "dry.sequence_breakers", Fine with { Extensions = new() { Dry = new(1, 1.75, 2, 64, ["a", ""]) } } },
        { "stop_sequences", Fine with { StopSequences = ["a", ""] } },
        { "stop_sequences", Fine with { StopSequences = [.. Enumerable.Repeat("a", RequestRules.MaxStopSequences + 1)] } },
        { "logit_bias", Fine with { LogitBias = [new TokenBias(Vocabulary, 1)] } },
        { "logit_bias", Fine with { LogitBias = [new TokenBias(-1, 1)] } },
        { "logit_bias", Fine with { LogitBias = [new TokenBias(1, double.NaN)] } },
    };

    [Fact]
    public void Deterministic_UnifiedCache_IsRefusedAndNamesTheVariable()
    {
        WireRequest request = Request(Fine, Fine with { PromptIndex = 1, Deterministic = true });

        RequestError? error = RequestRules.CheckDeterministic(request, isPossible: false);

        Assert.Equal(ErrorCode.Unsupported, error?.Code);
        Assert.Contains("ORCHARD_ENGINE_KV_CACHE", error?.Message, StringComparison.Ordinal);
        Assert.Null(RequestRules.CheckDeterministic(request, isPossible: true));
        Assert.Null(RequestRules.CheckDeterministic(Request(Fine), isPossible: false));
    }

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void Check_AsksForWhatIsNotThere_IsUnsupportedByName(string name, object prompt)
    {
        RequestError error = Check((WirePrompt)prompt)!.Value;

        Assert.Equal(ErrorCode.Unsupported, error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Media_ForAModelWithoutProjector_AreUnsupported()
    {
        WirePrompt image = Fine with { Images = [new byte[] { 1 }] };
        WirePrompt sound = Fine with { Audio = [new byte[] { 1 }] };

        RequestError? noProjector = RequestRules.CheckMedia(Request(Fine, image with { PromptIndex = 1 }), projector: null, problem: null);
        RequestError? noLibrary = RequestRules.CheckMedia(Request(sound), projector: null, "Its projector needs a package.");
        RequestError? tooMany = RequestRules.CheckMedia(
            Request(Fine with { Images = [.. Enumerable.Repeat(image.Images[0], MediaLimits.PartsPerPrompt + 1)] }), projector: null, problem: null);

        Assert.Null(RequestRules.CheckMedia(Request(Fine), projector: null, problem: null));
        Assert.Equal(ErrorCode.Unsupported, noProjector?.Code);
        Assert.Contains("images", noProjector?.Message, StringComparison.Ordinal);
        Assert.Contains("mmproj", noProjector?.Message, StringComparison.Ordinal);
        Assert.Equal("The model 'm' does not take sound. Its projector needs a package.", noLibrary?.Message);
        Assert.Equal(ErrorCode.InvalidRequest, tooMany?.Code);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Check_OutOfRange_IsInvalidByName(string name, object prompt)
    {
        RequestError error = Check((WirePrompt)prompt)!.Value;

        Assert.Equal(ErrorCode.InvalidRequest, error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, "Image")]
    [InlineData(55, "55")]
    public void Check_OtherTypes_AreUnsupportedByName(int type, string name)
    {
        RequestError error = RequestRules.Check(Request(Fine) with { Type = (RequestType)type }, Vocabulary)!.Value;

        Assert.Equal(ErrorCode.Unsupported, error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SamePromptIndexTwice_IsInvalid() => Assert.Equal(ErrorCode.InvalidRequest, Check(Fine, Fine)!.Value.Code);

    [Fact]
    public void Check_DefaultsOfEachSibling_AreFine()
    {
        Assert.Null(Check(Fine));
        Assert.Null(Check(Fine with { Temperature = 0, TopP = 0, TopK = 0, RepetitionPenalty = 0, ToolChoice = "", MinToolCalls = 0 }));
        Assert.Null(Check(Fine with { ResponseFormatJson = """{"type":"text"}""", ToolSchemasJson = "[{}]" }));
    }

    [Fact]
    public void ToSampling_ZerosOfAbsentValues_SwitchTheRulesOff()
    {
        SamplingParameters sampling = PromptSampling.Create(Fine with { TopP = 0, RepetitionPenalty = 0 }, 0, 0, []);

        Assert.Equal((1f, 1f), (sampling.TopP, sampling.RepetitionPenalty));
    }

    [Theory]
    [InlineData(7u, false, 2, 9u)]
    [InlineData(7u, true, 0, 7u)]
    [InlineData(null, true, 0, 11u)]
    [InlineData(null, true, 1, 12u)]
    [InlineData(null, false, 1, 1001u)]
    [InlineData(uint.MaxValue, false, 1, 0u)]
    public void ToSampling_Seed_IsTheClientsOrPinnedOrRandomPlusCandidate(uint? seed, bool deterministic, int candidate, uint expected) =>
        Assert.Equal(expected, PromptSampling.Create(Fine with { RngSeed = seed, Deterministic = deterministic }, candidate, 1000, []).Seed);

    [Fact]
    public void ToSampling_EndIsIgnored_BansTheEndTokens()
    {
        WirePrompt prompt = Fine with { LogitBias = [new TokenBias(4, 2)], Extensions = new() { IgnoreEndOfSequence = true } };

        Assert.Equal([(4, 2f), (8, float.NegativeInfinity)], PromptSampling.Create(prompt, 0, 0, [8]).LogitBias);
    }

    [Fact]
    public void ToSampling_SeveralCandidates_TellsLogprobs() =>
        Assert.True(PromptSampling.Create(Fine with { BestOf = 2 }, 0, 0, []).Logprobs);

    private static RequestError? Check(params WirePrompt[] prompts) => RequestRules.Check(Request(prompts), Vocabulary);

    private static WireRequest Request(params WirePrompt[] prompts) => new()
    {
        RequestId = 1,
        ResponseChannelId = 2,
        ModelId = "m",
        ModelPath = "p",
        Prompts = prompts,
    };
}
