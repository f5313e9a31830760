using System.Text;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;

namespace Orchard.Protocol.Tests.Messages;

public class HostileRequestTests
{
    private static readonly byte[] Blobs = [.. "Hello\0\0\0\0\0\0\0\0\0\0\0"u8, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0];

    public static TheoryData<string, string> BadPrompts => new()
    {
        { "text beyond the section", "\"text_offset\":30,\"text_size\":5" },
        { "text larger than the section", "\"text_size\":4294967296" },
        { "offset plus size overflows", "\"text_offset\":18446744073709551615,\"text_size\":2" },
        { "negative offset", "\"text_offset\":-1,\"text_size\":2" },
        { "negative size", "\"text_size\":-5" },
        { "image count times 8 overflows", "\"image_count\":2305843009213693953" },
        { "layout count times 16 overflows", "\"layout_count\":1152921504606846977" },
        { "image count larger than the section", "\"image_count\":5" },
        { "layout table beyond the section", "\"layout_offset\":32,\"layout_count\":1" },
        { "negative layout count", "\"layout_count\":-1" },
        { "span larger than the data", "\"image_count\":1,\"image_sizes_offset\":24,\"image_data_size\":4" },
        { "span smaller than the data", "\"image_count\":1,\"image_sizes_offset\":24,\"image_data_size\":6" },
        { "data without spans", "\"audio_data_size\":6" },
        { "layout shorter than the text", "\"text_size\":6,\"layout_offset\":16,\"layout_count\":1" },
        { "layout longer than the text", "\"text_size\":4,\"layout_offset\":16,\"layout_count\":1" },
        { "layout of an unknown type", "\"layout_offset\":0,\"layout_count\":1" },
        { "capability beyond its data", "\"capability_data_size\":4,\"capabilities\":[{\"name\":\"c\",\"payload_size\":5}]" },
        { "capability sizes overflow", "\"capability_data_size\":4,\"capabilities\":[{\"name\":\"c\",\"payload_size\":4},{\"name\":\"c\",\"payload_size\":18446744073709551612}]" },
        { "capability without a name", "\"capabilities\":[{}]" },
        { "capability that is null", "\"capabilities\":[null]" },
        { "negative candidates", "\"num_candidates\":-1" },
        { "negative best_of", "\"best_of\":-1" },
        { "negative token limit", "\"max_generated_tokens\":-1" },
        { "negative logprobs", "\"top_logprobs\":-1" },
        { "negative index", "\"prompt_index\":-1" },
        { "count beyond 32 bits", "\"num_candidates\":2147483648" },
        { "count with a fraction", "\"num_candidates\":1.5" },
        { "infinite temperature", "\"temperature\":1e999" },
        { "temperature as text", "\"temperature\":\"1\"" },
        { "negative seed", "\"rng_seed\":-1" },
        { "stop sequence that is null", "\"stop_sequences\":[\"a\",null]" },
        { "stop sequence that is a number", "\"stop_sequences\":[1]" },
        { "stop sequences that are an object", "\"stop_sequences\":{}" },
        { "bias without a token", "\"logit_bias\":[{\"bias\":1}]" },
        { "bias without a number", "\"logit_bias\":[{\"token\":1}]" },
        { "bias of a negative token", "\"logit_bias\":[{\"token\":-1,\"bias\":1}]" },
        { "bias that is null", "\"logit_bias\":[null]" },
        { "frame token that is no text", "\"output_frame_tokens\":{\"a\":1}" },
        { "frame token twice", "\"output_frame_tokens\":{\"a\":\"1\",\"a\":\"2\"}" },
        { "tool format that is null", "\"tool_calling_tokens\":{\"formats\":[null]}" },
        { "key twice", "\"top_k\":1,\"top_k\":2" },
        { "unpaired surrogate", "\"task_name\":\"\\ud800\"" },
        { "unpaired surrogate in a key", "\"\\ud800\":1" },
        { "deep nesting", "\"x\":" + new string('[', 10_000) + new string(']', 10_000) },
        { "text that is no UTF-8", "\"text_offset\":0,\"text_size\":33" },
    };

    public static TheoryData<string> BadMetadata => new()
    {
        "", " ", "null", "[]", "1", "\"x\"", "{", "{}", "{}x", "{\"prompts\":[]}", "{\"prompts\":{}}", "{\"prompts\":[null]}", "\ufeff{}",
        "{\"request_id\":null,\"response_channel_id\":1,\"model_id\":\"m\",\"prompts\":[{}]}",
        "{\"request_id\":1,\"response_channel_id\":1,\"model_id\":null,\"prompts\":[{}]}",
        "{\"request_id\":1,\"model_id\":\"m\",\"prompts\":[{}]}",
        "{\"request_id\":1,\"request_id\":1,\"response_channel_id\":1,\"model_id\":\"m\",\"prompts\":[{}]}",
        "{\"request_id\":-1,\"response_channel_id\":1,\"model_id\":\"m\",\"prompts\":[{}]}",
        "{\"request_id\":18446744073709551616,\"response_channel_id\":1,\"model_id\":\"m\",\"prompts\":[{}]}",
        "{\"request_id\":1,\"response_channel_id\":1,\"model_id\":\"m\",\"prompts\":[{},{\"prompt_index\":0}]}",
    };

    [Theory]
    [MemberData(nameof(BadPrompts))]
    public void Read_BadPrompt_IsRefusedInTheSendersName(string what, string keys)
    {
        WireRequestException error = Assert.Throws<WireRequestException>(() => Encoded.Decode(Encoded.ComposePrompt(keys, Blobs)));

        Assert.True(error.RequestId == 7 && error.ResponseChannelId == 9, what + ": " + error.Message);
    }

    [Theory]
    [MemberData(nameof(BadMetadata))]
    public void Read_BadMetadata_IsRefused(string metadata) =>
        Assert.Throws<WireRequestException>(() => Encoded.Decode(Encoded.Compose(metadata, Blobs)));

    [Fact]
    public void Read_InvalidUtf8InMetadata_IsRefused()
    {
        byte[] metadata = Encoding.Latin1.GetBytes(
            "{\"request_id\":7,\"response_channel_id\":9,\"model_id\":\"\u00ff\",\"prompts\":[{}]}");

        Assert.Equal(7ul, Assert.Throws<WireRequestException>(() => Encoded.Decode(Encoded.Compose(metadata))).RequestId);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0x10000u)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0x80000000u)]
    [InlineData(0xFFFFFFFFu)]
    public void Read_WrongLengthPrefix_IsRefused(uint prefix)
    {
        byte[] request = Encoded.Encode(Encoded.Simple());
        BitConverter.TryWriteBytes(request, prefix);

        Assert.Throws<WireRequestException>(() => Encoded.Decode(request));
    }

    [Theory]
    [InlineData("req_capabilities")]
    [InlineData("req_every_sampling_field")]
    [InlineData("req_batch_of_3")]
    public void Read_FrameCutAnywhere_IsRefused(string name)
    {
        byte[] bytes = VectorFile.LoadRequest(name).Bytes;
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] cut = bytes[..length];
            Assert.Throws<WireRequestException>(() => Encoded.Decode(cut));
        }
    }

    [Theory]
    [InlineData("req_capabilities")]
    [InlineData("req_unicode")]
    public void Read_FrameSplitAnywhere_GivesTheSameFrame(string name)
    {
        byte[] bytes = VectorFile.LoadRequest(name).Bytes;
        string whole = Encoded.Describe(Encoded.Decode(bytes));
        for (int at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(whole, Encoded.Describe(WireRequestReader.Read(Encoded.Split(bytes, at))));
        }
    }

    [Fact]
    public void Read_IdsAfterTheBrokenPart_AreFound()
    {
        byte[] request = Encoded.Compose("""{"prompts":[{"num_candidates":-1}],"model_id":"m","response_channel_id":9.0,"request_id":7}""");

        WireRequestException error = Assert.Throws<WireRequestException>(() => Encoded.Decode(request));

        Assert.Equal((7ul, 9ul), (error.RequestId, error.ResponseChannelId));
    }

    [Fact]
    public void Read_IdsBeforeBrokenJson_AreFound()
    {
        byte[] request = Encoded.Compose("""{"request_id":7,"response_channel_id":9,"prompts":[{"top_k":""");

        WireRequestException error = Assert.Throws<WireRequestException>(() => Encoded.Decode(request));

        Assert.Equal((7ul, 9ul), (error.RequestId, error.ResponseChannelId));
    }

    [Theory]
    [InlineData("prompts", "{}")]
    [InlineData("capabilities", "{\"name\":\"c\"}")]
    [InlineData("formats", "{}")]
    public void Read_TooManyEntries_IsRefused(string list, string entry)
    {
        string entries = string.Join(',', Enumerable.Repeat(entry, RequestLimits.MaxPrompts + 1));
        byte[] request = list switch
        {
            "prompts" => Encoded.Compose($$"""{"request_id":7,"response_channel_id":9,"model_id":"m","prompts":[{{entries}}]}"""),
            "capabilities" => Encoded.ComposePrompt($"\"capabilities\":[{entries}]"),
            _ => Encoded.ComposePrompt($"\"tool_calling_tokens\":{{\"formats\":[{entries}]}}"),
        };

        Assert.Equal(7ul, Assert.Throws<WireRequestException>(() => Encoded.Decode(request)).RequestId);
    }

    [Fact]
    public void Read_PromptsThatShareOneTable_AreRefused()
    {
        byte[] table = new byte[16 * 1024];
        string prompt = "{\"prompt_index\":INDEX,\"layout_offset\":0,\"layout_count\":1024}";
        string prompts = string.Join(',', Enumerable.Range(0, 64).Select(i => prompt.Replace("INDEX", $"{i}", StringComparison.Ordinal)));
        byte[] request = Encoded.Compose($$"""{"request_id":7,"response_channel_id":9,"model_id":"m","prompts":[{{prompts}}]}""", table);

        Assert.Throws<WireRequestException>(() => Encoded.Decode(request));
    }

    [Fact]
    public void Read_SparseMetadata_FillsInTheDefaults()
    {
        byte[] request = Encoded.ComposePrompt(
            "\"task_name\":null,\"rng_seed\":null,\"tool_calling_tokens\":null,\"stop_sequences\":null,\"future\":{\"a\":[1]},"
            + "\"num_candidates\":2.0,\"temperature\":0,\"text_size\":5.0", Blobs);

        WirePrompt prompt = Encoded.Decode(request).Prompts[0];

        WirePrompt expected = new() { NumCandidates = 2, Temperature = 0, RngSeed = null, Text = "Hello"u8.ToArray() };
        Assert.Equal(Encoded.Describe(expected), Encoded.Describe(prompt));
    }

    [Fact]
    public void Read_CapabilityLengthInTheLayout_IsIgnored()
    {
        byte[] blobs = [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0];
        byte[] request = Encoded.ComposePrompt(
            "\"capability_data_size\":4,\"capabilities\":[{\"name\":\"c\",\"position\":0,\"payload_size\":4}],\"layout_offset\":16,\"layout_count\":1", blobs);

        WirePrompt prompt = Encoded.Decode(request).Prompts[0];

        Assert.Equal([new LayoutSegment(LayoutSegmentType.Capability, 0)], prompt.Layout!);
        Assert.Equal([1, 2, 3, 4], prompt.Capabilities[0].Payload.ToArray());
    }

    [Fact]
    public void Read_Frame_OwnsItsMemory()
    {
        byte[] bytes = Encoded.Encode(Encoded.Simple());
        WireRequest request = Encoded.Decode(bytes);

        Array.Clear(bytes);

        Assert.Equal("Hello", Encoding.UTF8.GetString(request.Prompts[0].Text.Span));
    }
}
