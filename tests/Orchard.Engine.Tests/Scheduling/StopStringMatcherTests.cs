using System.Buffers;
using System.Text;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class StopStringMatcherTests
{
    [Fact]
    public void Append_StopInsideAToken_EndsRightAfterIt()
    {
        var matcher = new StopStringMatcher(["\n\n"]);

        Assert.Equal("one\n\n", Append(matcher, "one\n\ntwo"));
        Assert.Equal("\n\n", matcher.Match);
    }

    [Fact]
    public void Append_StopAcrossTokens_ComesOutInOnePiece()
    {
        var matcher = new StopStringMatcher(["</s>"]);

        Assert.Equal("hi", Append(matcher, "hi<"));
        Assert.Equal("", Append(matcher, "/"));
        Assert.Equal("</s>", Append(matcher, "s>!"));
    }

    [Fact]
    public void Append_BeginningThatComesToNothing_IsReleasedAtOnce()
    {
        var matcher = new StopStringMatcher(["</s>"]);

        Assert.Equal("", Append(matcher, "</"));
        Assert.Equal("</b", Append(matcher, "b"));
        Assert.Null(matcher.Match);
    }

    [Fact]
    public void Append_BeginningInsideABeginning_HoldsOnlyWhatStillCounts()
    {
        var matcher = new StopStringMatcher(["aab"]);

        Assert.Equal("", Append(matcher, "aa"));
        Assert.Equal("a", Append(matcher, "a"));
        Assert.Equal("aab", Append(matcher, "b"));
    }

    [Fact]
    public void Append_SeveralEndTogether_ReportsTheLongest()
    {
        var matcher = new StopStringMatcher(["c", "abc", "bc"]);

        Assert.Equal("xabc", Append(matcher, "xabcd"));
        Assert.Equal("abc", matcher.Match);
    }

    [Fact]
    public void Append_ShortOneEndsInsideALongerOne_EndsAtTheFirst()
    {
        var matcher = new StopStringMatcher(["abcd", "bc"]);

        Assert.Equal("abc", Append(matcher, "abcd"));
        Assert.Equal("bc", matcher.Match);
    }

    [Fact]
    public void Append_MultiByteCharacters_Match()
    {
        var matcher = new StopStringMatcher(["終わり"]);

        Assert.Equal("", Append(matcher, "終"));
        Assert.Equal("終終わり", Append(matcher, "終わり。"));
    }

    [Fact]
    public void Append_AfterAMatch_WritesNothing()
    {
        var matcher = new StopStringMatcher(["."]);
        Append(matcher, "a.");

        Assert.Equal("", Append(matcher, "b."));
        Assert.Equal("", Complete(matcher));
    }

    [Fact]
    public void Complete_HeldText_IsReleasedOnce()
    {
        var matcher = new StopStringMatcher(["stop"]);
        Append(matcher, "a sto");

        Assert.Equal("sto", Complete(matcher));
        Assert.Equal("", Complete(matcher));
    }

    [Fact]
    public void Constructor_EmptyStopString_IsIgnored()
    {
        var matcher = new StopStringMatcher([""]);

        Assert.Equal("abc", Append(matcher, "abc"));
        Assert.Null(matcher.Match);
    }

    [Fact]
    public void Append_SteadyState_AllocatesNothing()
    {
        var matcher = new StopStringMatcher(["<|im_end|>", "\n\n"]);
        var output = new ArrayBufferWriter<byte>(64);
        matcher.Append("<|im"u8, output);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            matcher.Append("_e <|im"u8, output);
            output.ResetWrittenCount();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 150)];

    /// <summary>Compares with a search over the whole text, for random splits. Output must be final as early as possible.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Append_RandomTextStopsAndCuts_GiveWhatTheWholeGives(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 40; round++)
        {
            string[] stops = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomText(random, 1, 6))];
            string text = RandomText(random, 0, 40);
            (string expected, string? match) = Search(text, stops);

            var matcher = new StopStringMatcher(stops);
            var output = new StringBuilder();
            var seen = new StringBuilder();
            string lastWritten = "";
            foreach (byte[] token in RandomCuts.Of(Encoding.UTF8.GetBytes(text), random))
            {
                seen.Append(Encoding.UTF8.GetString(token));
                string written = Append(matcher, Encoding.UTF8.GetString(token));
                output.Append(written);
                lastWritten = matcher.Match is not null && written.Length > 0 ? written : lastWritten;
                if (matcher.Match is null)
                {
                    Assert.Equal(LongestBeginningAtTheEnd(seen.ToString(), stops), seen.Length - output.Length);
                }
            }

            output.Append(Complete(matcher));

            Assert.Equal(expected, output.ToString());
            Assert.Equal(match, matcher.Match);
            Assert.EndsWith(match ?? "", lastWritten, StringComparison.Ordinal);
        }
    }

    // Few letters, so that beginnings, overlaps and repetitions abound.
    private static string RandomText(Random random, int shortest, int longest) =>
        new(random.GetItems<char>("aab", random.Next(shortest, longest + 1)));

    private static (string Output, string? Match) Search(string text, string[] stops)
    {
        for (int end = 1; end <= text.Length; end++)
        {
            string beginning = text[..end];
            string? match = stops.Where(stop => beginning.EndsWith(stop, StringComparison.Ordinal)).MaxBy(static stop => stop.Length);
            if (match is not null)
            {
                return (beginning, match);
            }
        }

        return (text, null);
    }

    private static int LongestBeginningAtTheEnd(string text, string[] stops) =>
        stops.SelectMany(static stop => Enumerable.Range(0, stop.Length).Select(length => stop[..length]))
            .Where(beginning => text.EndsWith(beginning, StringComparison.Ordinal))
            .Max(static beginning => beginning.Length);

    private static string Append(StopStringMatcher matcher, string text)
    {
        var output = new ArrayBufferWriter<byte>();
        matcher.Append(Encoding.UTF8.GetBytes(text), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Complete(StopStringMatcher matcher)
    {
        var output = new ArrayBufferWriter<byte>();
        matcher.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
