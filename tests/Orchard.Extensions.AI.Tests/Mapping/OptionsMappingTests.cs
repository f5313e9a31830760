using System.Text.Json;
using System.Text.Json.Nodes;
using AIReasoningEffort = Microsoft.Extensions.AI.ReasoningEffort;

namespace Orchard.Extensions.AI.Tests.Mapping;

public sealed class OptionsMappingTests
{
    private static readonly IChatClient Client = new OrchardChatClient(null!, "model");

    public static TheoryData<string, ChatOptions> Refused => new()
    {
        { "Tools", new ChatOptions { Tools = [new HostedWebSearchTool()] } },
        { "ConversationId", new ChatOptions { ConversationId = "c1" } },
        { "AdditionalProperties[\"tfs_z\"]", new ChatOptions { AdditionalProperties = new() { ["tfs_z"] = 0.5 } } },
        { "AdditionalProperties[\"samplers\"]", new ChatOptions { AdditionalProperties = new() { ["options"] = new Dictionary<string, object?> { ["samplers"] = "top_k" } } } },
        { "AdditionalProperties[\"TopNSigma\"]", new ChatOptions { AdditionalProperties = new() { ["TopNSigma"] = 3 } } },
        { "RawRepresentationFactory", new ChatOptions { RawRepresentationFactory = _ => "options of somebody else" } },
    };

    [Fact]
    public void Options_EveryOneThatOrchardHas_CanBeSaid()
    {
        GenerationOptions mapped = Map(new ChatOptions
        {
            MaxOutputTokens = 7,
            Temperature = 0.5f,
            TopP = 0.25f,
            TopK = 40,
            FrequencyPenalty = 0.75f,
            PresencePenalty = -0.75f,
            Seed = uint.MaxValue,
            StopSequences = ["END", "STOP"],
            ResponseFormat = ChatResponseFormat.Json,
            Tools = [AIFunctionFactory.Create(() => 1, "one")],
            ToolMode = ChatToolMode.RequireAny,
            AdditionalProperties = new()
            {
                ["keep_alive"] = "5m",
                ["min_tool_calls"] = 2,
                ["max_tool_calls"] = 3,
                ["enable_thinking"] = true,
                ["reasoning_effort"] = "low",
                ["min_p"] = 0.125,
                ["typical_p"] = 0.875,
                ["repetition_penalty"] = 1.5,
                ["penalty_window"] = 32,
                ["logit_bias"] = new Dictionary<int, double> { [5] = -100 },
                ["mirostat_tau"] = 4,
                ["mirostat_eta"] = 0.25,
                ["dry_multiplier"] = 0.5,
                ["dry_base"] = 2,
                ["dry_allowed_length"] = 3,
                ["dry_penalty_last_n"] = 99,
                ["dry_sequence_breakers"] = new List<string> { "." },
                ["xtc_probability"] = 0.25,
                ["xtc_threshold"] = 0.125,
                ["keep_stop_string"] = true,
                ["ignore_eos"] = true,
                ["n"] = 2,
                ["best_of"] = 3,
                ["logprobs"] = true,
                ["top_logprobs"] = 4,
                ["deterministic"] = true,
                ["prefix_cache"] = false,
                ["prefill_progress"] = new Progress<PrefillProgress>(),
                ["lora"] = "adapter.gguf",
                ["chat_template"] = "tool_use",
                ["chat_template_kwargs"] = new Dictionary<string, object?> { ["date_string"] = "today" },
            },
        });

        var defaults = new GenerationOptions();
        Assert.All(
            typeof(GenerationOptions).GetProperties().Where(property => property.SetMethod is not null),
            property => Assert.NotEqual(property.GetValue(defaults), property.GetValue(mapped))); // whoever adds one adds a line to the mapping
        var expected = new GenerationOptions
        {
            MaxOutputTokens = 7,
            Temperature = 0.5,
            TopP = 0.25,
            TopK = 40,
            FrequencyPenalty = 0.75,
            PresencePenalty = -0.75,
            Seed = uint.MaxValue,
            ResponseFormat = ResponseFormat.JsonObject,
            Tools = mapped.Tools,
            ToolChoice = ToolChoice.Required,
            MinToolCalls = 2,
            MaxToolCalls = 3,
            EnableReasoning = true,
            ReasoningEffort = ReasoningEffort.Low,
            MinP = 0.125,
            TypicalP = 0.875,
            RepetitionPenalty = 1.5,
            PenaltyWindow = 32,
            Mirostat = new() { Tau = 4, Eta = 0.25 },
            Xtc = new() { Probability = 0.25, Threshold = 0.125 },
            IncludeStopSequence = true,
            IgnoreEndOfSequence = true,
            CandidateCount = 2,
            BestOf = 3,
            IncludeLogprobs = true,
            TopLogprobs = 4,
            IsDeterministic = true,
            UsePrefixCache = false,
            KeepAlive = TimeSpan.FromMinutes(5),
            ChatTemplate = "tool_use",
            IgnoreUnsupportedReasoning = true,
        };
        Assert.Equal(["END", "STOP"], mapped.StopSequences);
        Assert.Equal([new(5, -100)], mapped.LogitBias);
        Assert.Equal("adapter.gguf", Assert.Single(mapped.LoraAdapters).Path);
        Assert.Equal("today", (string?)Assert.Single(mapped.TemplateVariables).Value);
        Assert.Equal(["."], mapped.Dry!.SequenceBreakers);
        Assert.Equal((0.5, 2, 3, 99), (mapped.Dry.Multiplier, mapped.Dry.Base, mapped.Dry.AllowedLength, mapped.Dry.Window));
        Assert.Equivalent(
            expected with
            {
                StopSequences = mapped.StopSequences,
                LogitBias = mapped.LogitBias,
                Dry = mapped.Dry,
                TemplateVariables = mapped.TemplateVariables,
                LoraAdapters = mapped.LoraAdapters,
                PrefillProgress = mapped.PrefillProgress,
            },
            mapped,
            strict: true);
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
        Assert.Equivalent(new GenerationOptions { IgnoreUnsupportedReasoning = true }, Map(null), strict: true);
        Assert.Equivalent(Map(null), Map(new ChatOptions()), strict: true);
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
            AdditionalProperties = new() { ["grammar"] = null, ["conversation-tag"] = "x", ["penalize_nl"] = false },
        };

        Assert.Equivalent(Map(null) with { FrequencyPenalty = 0, PresencePenalty = 0 }, Map(options), strict: true);
    }

    [Fact]
    public void ResponseFormat_OfASchema_IsThatSchema()
    {
        using JsonDocument schema = JsonDocument.Parse("""{"type": "object"}""");

        Assert.Equal("json_schema", Map(new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement, "thing") }).ResponseFormat.Type);
    }

    [Fact]
    public void Tools_AndHowToUseThem_AreOurs()
    {
        GenerationOptions mapped = Map(new ChatOptions
        {
            Tools = [AIFunctionFactory.Create((int a) => a, "one", "First.")],
            ToolMode = ChatToolMode.RequireSpecific("one"),
            AllowMultipleToolCalls = false,
        });

        Tool tool = Assert.Single(mapped.Tools);
        Assert.Equal(("one", "First."), (tool.Name, tool.Description));
        Assert.True(tool.Parameters.GetProperty("properties").TryGetProperty("a", out _));
        Assert.Equal((ToolChoice.Named("one"), 1), (mapped.ToolChoice, mapped.MaxToolCalls));
        Assert.Equal(ToolChoice.Required, Map(new ChatOptions { ToolMode = ChatToolMode.RequireAny }).ToolChoice);
        Assert.Equal(ToolChoice.None, Map(new ChatOptions { ToolMode = ChatToolMode.None }).ToolChoice);
    }

    [Theory]
    [InlineData(AIReasoningEffort.None, false, null)]
    [InlineData(AIReasoningEffort.Low, true, ReasoningEffort.Low)]
    [InlineData(AIReasoningEffort.Medium, true, ReasoningEffort.Medium)]
    [InlineData(AIReasoningEffort.ExtraHigh, true, ReasoningEffort.High)]
    public void Reasoning_Effort_SwitchesThinking(AIReasoningEffort effort, bool thinks, ReasoningEffort? expected)
    {
        GenerationOptions mapped = Map(new ChatOptions { Reasoning = new ReasoningOptions { Effort = effort } });

        Assert.Equal((thinks, expected), (mapped.EnableReasoning, mapped.ReasoningEffort));
    }

    [Fact]
    public void Reasoning_UnknownEffort_IsRefusedByName()
    {
        var error = Assert.Throws<NotSupportedException>(
            () => Map(new ChatOptions { Reasoning = new ReasoningOptions { Effort = (AIReasoningEffort)99 } }));

        Assert.Contains("ChatOptions.Reasoning has the effort 99", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("min_p")]
    [InlineData("minP")]
    [InlineData("Min-P")]
    public void AdditionalProperty_AnySpelling_IsTheOption(string name) =>
        Assert.Equal(0.5, Map(new ChatOptions { AdditionalProperties = new() { [name] = 0.5f } }).MinP);

    [Fact]
    public void AdditionalProperties_FromJson_AreTheOptions()
    {
        using JsonDocument json = JsonDocument.Parse("""{ "min_p": 0.5, "n": 2, "logprobs": true, "logit_bias": { "7": -1.5 }, "dry_sequence_breakers": ["."], "chat_template_kwargs": { "date_string": "today" } }""");
        var properties = new AdditionalPropertiesDictionary();
        foreach (JsonProperty property in json.RootElement.EnumerateObject())
        {
            properties[property.Name] = property.Value;
        }

        GenerationOptions mapped = Map(new ChatOptions { AdditionalProperties = properties });

        Assert.Equal((0.5, 2, true), (mapped.MinP, mapped.CandidateCount, mapped.IncludeLogprobs));
        Assert.Equal([new(7, -1.5)], mapped.LogitBias);
        Assert.Equal("today", (string?)Assert.Single(mapped.TemplateVariables).Value);
        Assert.Equal(["."], mapped.Dry!.SequenceBreakers);
    }

    [Fact]
    public void Mirostat_ItsVersion_SwitchesItOnAndOffWhateverTheOrder()
    {
        Assert.Equivalent(new MirostatOptions(), Map(new ChatOptions { AdditionalProperties = new() { ["mirostat"] = 2 } }).Mirostat, strict: true);
        Assert.Equal(4, Map(new ChatOptions { AdditionalProperties = new() { ["mirostat"] = 2, ["mirostat_tau"] = 4 } }).Mirostat!.Tau);
        Assert.Null(Map(new ChatOptions { AdditionalProperties = new() { ["mirostat"] = 0, ["mirostat_tau"] = 4 } }).Mirostat);
        Assert.Throws<NotSupportedException>(() => Map(new ChatOptions { AdditionalProperties = new() { ["mirostat"] = 1 } }));
    }

    [Theory]
    [InlineData("min_p", "much", "a number")]
    [InlineData("n", 1.5, "a 32-bit integer")]
    [InlineData("n", 1L << 40, "a 32-bit integer")]
    [InlineData("logprobs", 1, "true or false")]
    [InlineData("logit_bias", "5:1", "a dictionary from token ids to numbers")]
    [InlineData("dry_sequence_breakers", 3, "a list of strings")]
    public void AdditionalProperty_OfAnotherType_SaysWhichAndWhat(string name, object value, string needed)
    {
        var error = Assert.Throws<ArgumentException>(() => Map(new ChatOptions { AdditionalProperties = new() { [name] = value } }));

        Assert.StartsWith($"ChatOptions.AdditionalProperties[\"{name}\"] is '{value}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(needed, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RawRepresentation_OptionsOfOurs_AreTheStartingPoint()
    {
        GenerationOptions mapped = Map(new ChatOptions
        {
            RawRepresentationFactory = client => client == Client ? new GenerationOptions { MinP = 0.1, TopK = 3, MaxOutputTokens = 5 } : null,
            TopK = 9,
        });

        Assert.Equal((0.1, 9, 5), (mapped.MinP, mapped.TopK, mapped.MaxOutputTokens));
    }

    [Theory]
    [InlineData(0, 0u)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(1L << 32, 1u)]
    [InlineData(-2, 1u)]
    public void Seed_AnyNumber_IsOne(long seed, uint expected) => Assert.Equal(expected, Map(new ChatOptions { Seed = seed }).Seed);

    [Fact]
    public void Seed_MinusOne_IsRandom() => Assert.Null(Map(new ChatOptions { Seed = -1 }).Seed);

    [Fact]
    public void Values_ThatPeopleSend_AreTaken()
    {
        GenerationOptions mapped = Map(new ChatOptions { TopP = 0, TopK = -1, MaxOutputTokens = int.MaxValue });

        Assert.Equal((0, 0, null), (mapped.TopP, mapped.TopK, mapped.MaxOutputTokens));
    }

    public static TheoryData<string, object, string> Properties => new()
    {
        { "num_predict", 7, "MaxOutputTokens = 7" },
        { "num_predict", -1, "MaxOutputTokens = ," },
        { "max_tokens", 9, "MaxOutputTokens = 9" },
        { "temperature", 0.5, "Temperature = 0.5" },
        { "top_p", 0.25, "TopP = 0.25" },
        { "top_k", -1, "TopK = 0" },
        { "seed", 5L, "Seed = 5" },
        { "think", true, "EnableReasoning = True" },
        { "think", false, "EnableReasoning = False" },
        { "think", "low", "ReasoningEffort = Low" },
        { "format", "json", "json_object" },
        { "format", Json("""{"type": "object"}"""), "json_schema" },
        { "response_format", Json("""{"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}"""), "json_schema" },
        { "response_format", Json("""{"type": "json_object"}"""), "json_object" },
        { "guided_json", """{"type": "object"}""", "json_schema" },
        { "json_schema", Json("""{"schema": {"type": "object"}}"""), "json_schema" },
        { "guided_regex", "a+", "regex" },
        { "guided_choice", new List<string> { "a.b", "c" }, "regex" },
        { "grammar", "root ::= \"x\"", "grammar" },
        { "parallel_tool_calls", false, "MaxToolCalls = 1" },
        { "options", Json("""{"num_predict": 3}"""), "MaxOutputTokens = 3" },
        { "keep_alive", "5m", "KeepAlive = 00:05:00" },
        { "keep_alive", "1h30m", "KeepAlive = 01:30:00" },
        { "keep_alive", "1.5s", "KeepAlive = 00:00:01.5" },
        { "keep_alive", 300, "KeepAlive = 00:05:00" },
        { "keep_alive", "0", "KeepAlive = 00:00:00" },
        { "keep_alive", -1, "KeepAlive = -00:00:00.0010000" },
        { "keep_alive", "-1m", "KeepAlive = -00:00:00.0010000" },
        { "keep_alive", TimeSpan.FromMinutes(5), "KeepAlive = 00:05:00" },
        { "keep_alive", TimeSpan.MaxValue, "KeepAlive = 365.00:00:00" },
        { "keep_alive", "9000h", "KeepAlive = 365.00:00:00" },
        { "num_predict", "3", "MaxOutputTokens = 3" },
        { "seed", "7", "Seed = 7" },
        { "min_p", "0.25", "MinP = 0.25" },
        { "think", "false", "EnableReasoning = False" },
        { "max_tokens", -1, "MaxOutputTokens = ," },
        { "options", new Dictionary<string, object?> { ["num_predict"] = 3 }, "MaxOutputTokens = 3" },
    };

    [Theory]
    [MemberData(nameof(Properties), DisableDiscoveryEnumeration = true)]
    public void AdditionalProperty_OfOtherEngines_IsTheOption(string name, object value, string expected) => Assert.Contains(
        expected, Map(new ChatOptions { AdditionalProperties = new() { [name] = value } }).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("stop", "END")]
    public void AdditionalProperty_Stop_IsOneOrSeveral(string name, string stop)
    {
        Assert.Equal([stop], Map(new ChatOptions { AdditionalProperties = new() { [name] = stop } }).StopSequences);
        Assert.Equal([stop], Map(new ChatOptions { AdditionalProperties = new() { [name] = new[] { stop } } }).StopSequences);
    }

    [Theory]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5s", 1.5)]
    [InlineData("90", 90)]
    [InlineData(30, 30)]
    [InlineData(0, 0)]
    [InlineData(-1, -0.001)]
    [InlineData("-1m", -0.001)]
    public void AdditionalProperty_KeepAlive_IsReadAsOllamaDoes(object value, double seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds), Map(new ChatOptions { AdditionalProperties = new() { ["keep_alive"] = value } }).KeepAlive);

    [Theory]
    [InlineData("num_ctx", 4096)]
    [InlineData("use_mmap", true)]
    [InlineData("tfs_z", 1)]
    [InlineData("conversation-tag", "x")]
    [InlineData("user", "x")]
    public void AdditionalProperty_ThatChangesNoAnswer_IsListedAsIgnored(string name, object value) =>
        Assert.Equal([name], OptionsMapping.Map(new ChatOptions { AdditionalProperties = new() { [name] = value } }, Client).Ignored);

    [Theory]
    [InlineData("temprature", "temperature")]
    [InlineData("tempreature", "temperature")]
    [InlineData("max_token", "maxtokens")]
    [InlineData("repeat_penalti", "repeatpenalty")]
    [InlineData("formt", "format")]
    [InlineData("topkk", "topk")]
    public void AdditionalProperty_Misspelt_IsRefusedByName(string name, string intended)
    {
        var error = Assert.Throws<ArgumentException>(() => Map(new ChatOptions { AdditionalProperties = new() { [name] = 1 } }));

        Assert.Contains($"AdditionalProperties[\"{name}\"]", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{intended}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AdditionalProperties_OfNodes_AreTheOptions()
    {
        AdditionalPropertiesDictionary properties = new() { ["num_predict"] = JsonValue.Create(3), ["options"] = new JsonObject { ["top_k"] = 5 } };

        GenerationOptions options = Map(new ChatOptions { AdditionalProperties = properties });

        Assert.Equal((3, 5), (options.MaxOutputTokens, options.TopK));
    }

    [Fact]
    public void StopSequences_EmptyOnes_AreLeftOut() =>
        Assert.Equal(["END"], Map(new ChatOptions { StopSequences = ["", "END", "END"] }).StopSequences);

    [Fact]
    public void LogitBias_OfAnyDictionary_IsRead() =>
        Assert.Equal(-100, Map(new ChatOptions { AdditionalProperties = new() { ["logit_bias"] = new Dictionary<string, int> { ["5"] = -100 } } }).LogitBias[5]);

    [Fact]
    public void Reasoning_Summary_IsListedAsIgnored() => Assert.Equal(
        ["Reasoning.Output"],
        OptionsMapping.Map(new ChatOptions { Reasoning = new ReasoningOptions { Output = ReasoningOutput.Summary } }, Client).Ignored);

    private static JsonElement Json(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private static GenerationOptions Map(ChatOptions? options) => OptionsMapping.Map(options, Client).Generation;
}
