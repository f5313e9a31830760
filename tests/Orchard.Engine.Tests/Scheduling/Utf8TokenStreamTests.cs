using System.Buffers;
using System.Text;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class Utf8TokenStreamTests
{
    private const string Sample = "aé€🍎z";

    [Fact]
    public void Append_CharacterCutByTokens_ComesOutWhole()
    {
        var stream = new Utf8TokenStream();
        byte[] apple = Encoding.UTF8.GetBytes("🍎");

        Assert.Equal("", Append(stream, apple[..1]));
        Assert.Equal("", Append(stream, apple[1..3]));
        Assert.Equal("🍎", Append(stream, apple[3..]));
    }

    [Fact]
    public void Append_EveryPairOfCuts_GivesTheTextAndNoReplacement()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Sample);
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= bytes.Length; second++)
            {
                Assert.Equal(Sample, Decode(bytes[..first], bytes[first..second], bytes[second..]));
            }
        }
    }

    [Fact]
    public void Append_EmptyToken_KeepsTheTail()
    {
        byte[] euro = Encoding.UTF8.GetBytes("€");

        Assert.Equal("€", Decode(euro[..2], [], euro[2..]));
    }

    [Fact]
    public void Append_ByteThatBeginsNothing_IsReplacedAtOnce() => Assert.Equal("\uFFFD", Append(new Utf8TokenStream(), [0xFF]));

    [Fact]
    public void Append_CharacterBrokenByTheNextToken_ReplacesTheBeginningAndKeepsTheNext() =>
        Assert.Equal("\uFFFDok", Decode([0xF0, 0x9F], [(byte)'o', (byte)'k']));

    [Fact]
    public void Append_CharacterThatNeverEnds_IsNoText() => Assert.Equal("a", Decode([(byte)'a', 0xF0, 0x9F, 0x8D]));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    /// <summary>Compares with .NET's decoder over all bytes at once, for random splits.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Append_RandomBytesAndCuts_GiveWhatTheWholeGives(int seed)
    {
        var random = new Random(seed);
        byte[] hard = [(byte)'a', 0x80, 0xBF, 0xC0, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xED, 0xA0, 0xE0, 0xF0, 0x9F, 0x8D, 0x8E, 0xF4, 0x90, 0xF5, 0xFF];
        for (int round = 0; round < 50; round++)
        {
            byte[] bytes = random.GetItems(hard, random.Next(0, 24));
            char[] expected = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
            int length = Encoding.UTF8.GetDecoder().GetChars(bytes, expected, flush: false); // without a character that is incomplete

            Assert.Equal(new string(expected, 0, length), Decode(RandomCuts.Of(bytes, random)));
        }
    }

    private static string Decode(params byte[][] tokens)
    {
        var stream = new Utf8TokenStream();
        var output = new ArrayBufferWriter<byte>();
        foreach (byte[] token in tokens)
        {
            stream.Append(token, output);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Append(Utf8TokenStream stream, byte[] token)
    {
        var output = new ArrayBufferWriter<byte>();
        stream.Append(token, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
