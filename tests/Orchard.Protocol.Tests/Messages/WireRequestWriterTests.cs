using System.Buffers;
using System.Globalization;
using System.Text;
using Orchard.Protocol.Messages.Json;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;

namespace Orchard.Protocol.Tests.Messages;

public class WireRequestWriterTests
{
    private const string LongTraceParent =
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-and-then-some-more-of-it-than-anybody-would-want-to-have-back-with-every-single-sequence" +
        "-of-a-request-which-may-well-have-thousands-of-them-each-of-which-would-carry-all-of-this-text-along-through-the-socket-and-back-into-the-program";

    public static TheoryData<string, string> RefusedFields => new()
    {
        { "temperature", "temperature" },
        { "bias", "bias" },
        { "stop", "stop_sequences" },
        { "model", "model_id" },
        { "task", "task_name" },
        { "key", "\ud800" },
        { "count", "top_logprobs" },
        { "short", "layout" },
        { "long", "layout" },
        { "image", "layout" },
        { "type", "layout" },
        { "utf8", "text" },
    };

    [Theory]
    [InlineData(null, null)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData(LongTraceParent, null)]
    public void TraceParent_IsReadAsItWasWrittenUnlessItIsNone(string? sent, string? read)
    {
        var writer = new ArrayBufferWriter<byte>();

        WireRequestWriter.Write(Encoded.Simple(new() { Text = "Hello"u8.ToArray() }) with { TraceParent = sent }, writer);

        Assert.Equal(read, WireRequestReader.Read(new ReadOnlySequence<byte>(writer.WrittenMemory)).TraceParent);
    }

    [Theory]
    [MemberData(nameof(RefusedFields))]
    public void Write_ValueThatHasNoForm_ThrowsNamingTheField(string what, string field)
    {
        WirePrompt prompt = new() { Text = "Hello"u8.ToArray() };
        WireRequest request = what switch
        {
            "temperature" => Encoded.Simple(prompt with { Temperature = double.NaN }),
            "bias" => Encoded.Simple(prompt with { LogitBias = [new(1, double.NegativeInfinity)] }),
            "stop" => Encoded.Simple(prompt with { StopSequences = ["fine", "\udc00"] }),
            "model" => Encoded.Simple(prompt) with { ModelId = "a\ud83d" },
            "task" => Encoded.Simple(prompt with { TaskName = "\ud83dx" }),
            "key" => Encoded.Simple(prompt with { OutputFrameTokens = [new("\ud800", "x")] }),
            "count" => Encoded.Simple(prompt with { TopLogprobs = -1 }),
            "short" => Encoded.Simple(prompt with { Layout = [new(LayoutSegmentType.Text, 4)] }),
            "long" => Encoded.Simple(prompt with { Layout = [new(LayoutSegmentType.Text, 3), new(LayoutSegmentType.Text, 3)] }),
            "image" => Encoded.Simple(prompt with { Layout = [new(LayoutSegmentType.Text, 5), new(LayoutSegmentType.Image, 0)] }),
            "type" => Encoded.Simple(prompt with { Layout = [new(LayoutSegmentType.Text, 5), new((LayoutSegmentType)4, 0)] }),
            _ => Encoded.Simple(prompt with { Text = new byte[] { 0xC0, 0x80 } }),
        };
        var writer = new ArrayBufferWriter<byte>();

        ArgumentException error = Assert.Throws<ArgumentException>(() => WireRequestWriter.Write(request, writer));

        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, writer.WrittenCount);
    }

    [Fact]
    public void Write_NoPrompt_Throws() =>
        Assert.Contains("prompts", Assert.Throws<ArgumentException>(() => Encoded.Encode(Encoded.Simple() with { Prompts = [] })).Message, StringComparison.Ordinal);

    [Fact]
    public void Write_TwoPromptsWithOneIndex_Throws() =>
        Assert.Contains(
            "prompt_index",
            Assert.Throws<ArgumentException>(() => Encoded.Encode(Encoded.Simple() with { Prompts = [new(), new()] })).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Write_AcknowledgementWanted_ReadsBackAndIsNotOnTheWireOtherwise(bool wanted)
    {
        WireRequest request = Encoded.Simple() with { WantsAcknowledgement = wanted };

        byte[] bytes = Encoded.Encode(request);

        Assert.Equal(wanted, Encoded.Decode(bytes).WantsAcknowledgement);
        Assert.Equal(wanted, bytes.AsSpan().IndexOf("orchard"u8) >= 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Write_OmittedItemValues_ReadBackAndAreNotOnTheWireOtherwise(bool omitted)
    {
        byte[] bytes = Encoded.Encode(Encoded.Simple() with { OmitsItemValues = omitted });

        Assert.Equal(omitted, Encoded.Decode(bytes).OmitsItemValues);
        Assert.Equal(omitted, bytes.AsSpan().IndexOf("orchard"u8) >= 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hello")]
    [InlineData("\u4e16 \ud83d\ude00 \0")]
    [InlineData("a\ud800b")]
    public void Write_TextAsString_GivesTheBytesOfItsUtf8(string text)
    {
        byte[] ofString = Encoded.Encode(Encoded.Simple(new() { Text = text }));
        byte[] ofBytes = Encoded.Encode(Encoded.Simple(new() { Text = Encoding.UTF8.GetBytes(text) }));

        Assert.Equal(ofBytes, ofString);
    }

    [Fact]
    public void Write_SeedUnset_LeavesTheKeyOut()
    {
        byte[] request = Encoded.Encode(Encoded.Simple(new WirePrompt { RngSeed = null }));

        Assert.DoesNotContain("rng_seed", Encoding.UTF8.GetString(request), StringComparison.Ordinal);
        Assert.Null(Encoded.Decode(request).Prompts[0].RngSeed);
    }

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(-12.5, "-12.5")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(9999999999999998.0, "9999999999999998.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(123456789012345680.0, "1.2345678901234568e+17")]
    [InlineData(1e100, "1e+100")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(-2.2250738585072014e-308, "-2.2250738585072014e-308")]
    public void FloatText_Value_HasTheReferenceForm(double value, string expected) => Assert.Equal(expected, FormatFloat(value));

    [Fact]
    public void FloatText_AnyFiniteValue_ReadsBackTheSame()
    {
        var random = new Random(11);
        for (int i = 0; i < 50_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsFinite(value))
            {
                string text = FormatFloat(value);
                Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
                Assert.True(text.Contains('.', StringComparison.Ordinal) || text.Contains('e', StringComparison.Ordinal), text);
            }
        }
    }

    [Fact]
    public void Write_ControlCharacters_EscapesThemAndNothingElse()
    {
        string all = string.Concat(Enumerable.Range(0, 0x300).Select(c => (char)c)) + "/<>&'\u2028\ufeff\ud83d\ude00";

        byte[] request = Encoded.Encode(Encoded.Simple() with { ModelId = all });

        string text = Encoding.UTF8.GetString(request);
        Assert.Contains("\\u0000\\u0001", text, StringComparison.Ordinal);
        Assert.Contains("\\b\\t\\n\\u000b\\f\\r\\u000e", text, StringComparison.Ordinal);
        Assert.Contains("\\u001f !\\\"#", text, StringComparison.Ordinal);
        Assert.Contains("[\\\\]", text, StringComparison.Ordinal);
        Assert.Contains("/<>&'\u2028\ufeff\ud83d\ude00", text, StringComparison.Ordinal);
        Assert.Equal(all, Encoded.Decode(request).ModelId);
    }

    private static string FormatFloat(double value)
    {
        Span<byte> text = stackalloc byte[FloatText.MaxLength];
        return Encoding.ASCII.GetString(text[..FloatText.Format(value, text)]);
    }

    [Fact]
    public void Write_ExtensionsOfAPrompt_ComeBack()
    {
        var extensions = new PromptExtensions
        {
            TypicalP = 0.5,
            IgnoreEndOfSequence = true,
            Logprobs = true,
            Mirostat = new(5, 0.1),
            Dry = new(0.8, 1.75, 2, 64, ["\n", "é"]),
            Xtc = new(0.5, 0.1),
            CallForm = "{}",
            EmptyReasoning = true,
            Plain = [new PlainSpan(0, 2), new PlainSpan(4, 1)],
        };
        WireRequest request = Encoded.Simple();
        byte[] bytes = Encoded.Encode(request with { Prompts = [request.Prompts[0] with { Extensions = extensions }] });

        PromptExtensions read = Encoded.Decode(bytes).Prompts[0].Extensions;

        Assert.Equal(["\n", "é"], read.Dry!.SequenceBreakers);
        Assert.Equal(extensions.Plain, read.Plain);
        Assert.Equal(extensions.Lora, read.Lora);
        Assert.Equal(extensions, read with { Dry = extensions.Dry, Lora = extensions.Lora, Plain = extensions.Plain });
    }

    [Theory]
    [InlineData("[0]")]
    [InlineData("[0,0]")]
    [InlineData("[-1,1]")]
    [InlineData("[0,1]")]
    [InlineData("[2147483647,2147483647]")]
    public void Read_PlainTextOutsideTheText_IsRefused(string spans) =>
        Assert.Throws<WireRequestException>(() => Encoded.Decode(Encoded.ComposePrompt($$$"""{"orchard":{"plain_text":{{{spans}}}}}""")));

    [Fact]
    public void Write_NoExtensions_AddsNoKey() => Assert.Same(PromptExtensions.None, Encoded.Decode(Encoded.Encode(Encoded.Simple())).Prompts[0].Extensions);
}
