using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>Output of a sequence, and how it ends.</summary>
public sealed class BatchSchedulerEndTests
{
    [Fact]
    public async Task Sequence_EndOfGeneration_EndsAsStopAndIsNotCounted()
    {
        await using var harness = new SchedulerHarness();

        RecordingObserver observer = harness.Submit("hello", prompt: 3);
        SequenceEnd end = await observer.EndAsync();

        Assert.Equal(new SequenceEnd(SequenceEndReason.Stop, StopToken: ScriptedTokenizer.EndOfGeneration), end);
        Assert.Equal("hello", observer.Text);
        Assert.Equal("hello".Select(static letter => (int)letter), observer.Tokens);
        Assert.Equal([1, 2, 3, 4, 5, 5], observer.Entries.Select(static entry => entry.GeneratedTokens));
        Assert.All(observer.Entries, static entry => Assert.Equal(3, entry.PromptTokens));
        Assert.Equal(5, harness.Scheduler.Statistics.GeneratedTokens);
    }

    [Fact]
    public async Task Sequence_EndOfGenerationAtOnce_EndsEmpty()
    {
        await using var harness = new SchedulerHarness();

        RecordingObserver observer = harness.Submit("");

        Assert.Equal(SequenceEndReason.Stop, (await observer.EndAsync()).Reason);
        Assert.Empty(observer.Text);
        Assert.Single(observer.Entries);
    }

    [Fact]
    public async Task Sequence_MaxTokens_EndsAsLengthWithItsLastToken()
    {
        await using var harness = new SchedulerHarness();

        RecordingObserver observer = harness.Submit("hello", maxTokens: 2);

        Assert.Equal(SequenceEnd.Length, await observer.EndAsync());
        Assert.Equal("he", observer.Text);
        Assert.Equal("e", observer.Entries[^1].Text);
        Assert.Equal(2, harness.Scheduler.Statistics.DecodeSteps);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Sequence_ContextFull_EndsAsLength(int maxTokens)
    {
        await using var harness = new SchedulerHarness(context: 16);

        RecordingObserver observer = harness.Submit(SchedulerHarness.Endless, prompt: 10, maxTokens: maxTokens);

        Assert.Equal(SequenceEnd.Length, await observer.EndAsync());
        Assert.Equal(6, observer.Tokens.Length);
    }

    [Fact]
    public async Task Sequence_PromptOneBelowTheContext_GeneratesOneToken()
    {
        await using var harness = new SchedulerHarness(context: 16);

        RecordingObserver observer = harness.Submit(SchedulerHarness.Endless, prompt: 15);

        Assert.Equal(SequenceEnd.Length, await observer.EndAsync());
        Assert.Equal("e", observer.Text);
    }

    [Fact]
    public async Task Sequence_StopStringAcrossTokens_EndsRightAfterItInOnePiece()
    {
        await using var harness = new SchedulerHarness();

        RecordingObserver observer = harness.Submit("one</s>two", stop: ["</s>", "###"]);

        Assert.Equal(new SequenceEnd(SequenceEndReason.Stop, StopString: "</s>"), await observer.EndAsync());
        Assert.Equal(["o", "n", "e", "</s>"], observer.Entries.Select(static entry => entry.Text));
        Assert.Equal(4, observer.Entries[^1].Tokens.Length);
        Assert.Equal(7, observer.Entries[^1].GeneratedTokens);
    }

    [Fact]
    public async Task Sequence_StopStringInsideAToken_CutsTheTextButNotTheToken()
    {
        await using var harness = new SchedulerHarness();
        int piece = harness.Tokenizer.AddPiece("end.\nUser:");

        RecordingObserver observer = harness.Submit(['a', piece, 'b'], stop: [".\n"]);

        Assert.Equal(".\n", (await observer.EndAsync()).StopString);
        Assert.Equal("aend.\n", observer.Text);
        Assert.Equal(['a', piece], observer.Tokens);
    }

    [Fact]
    public async Task Sequence_StopStringWithTheLastAllowedToken_EndsAsStop()
    {
        await using var harness = new SchedulerHarness();

        RecordingObserver observer = harness.Submit("ab", maxTokens: 2, stop: ["ab"]);

        Assert.Equal(SequenceEndReason.Stop, (await observer.EndAsync()).Reason);
    }

    [Fact]
    public async Task Sequence_EndsWhileABeginningIsHeld_ReleasesIt()
    {
        await using var harness = new SchedulerHarness();

        RecordingObserver observer = harness.Submit("a</", stop: ["</s>"]);
        await observer.EndAsync();

        Assert.Equal(["a", "</"], observer.Entries.Select(static entry => entry.Text));
        Assert.Equal(['<', '/'], observer.Entries[^1].Tokens);
    }

    [Fact]
    public async Task Sequence_CharacterCutByTokens_ComesWithAllItsTokens()
    {
        await using var harness = new SchedulerHarness();

        RecordingObserver observer = harness.Submit([0xF0, 0x9F, 0x8D, 0x8E, '!']);
        await observer.EndAsync();

        Assert.Equal(["🍎", "!", ""], observer.Entries.Select(static entry => entry.Text));
        Assert.Equal([0xF0, 0x9F, 0x8D, 0x8E], observer.Entries[0].Tokens);
        Assert.Equal(4, observer.Entries[0].GeneratedTokens);
    }

    [Fact]
    public async Task Sequence_EndsInsideACharacter_LeavesItOut()
    {
        await using var harness = new SchedulerHarness();

        RecordingObserver observer = harness.Submit(['a', 0xF0, 0x9F], maxTokens: 3);
        await observer.EndAsync();

        Assert.Equal("a", observer.Text);
        Assert.Equal(3, observer.Entries[^1].GeneratedTokens);
    }

    [Fact]
    public async Task Sequence_TokenLongerThanTheBuffer_ComesOutWhole()
    {
        await using var harness = new SchedulerHarness();
        string text = new('x', 1000);

        RecordingObserver observer = harness.Submit([harness.Tokenizer.AddPiece(text)]);
        await observer.EndAsync();

        Assert.Equal(text, observer.Text);
    }

    [Fact]
    public async Task Submit_EmptyPrompt_Throws()
    {
        await using var harness = new SchedulerHarness();

        var request = new SequenceRequest { Prompt = [], Observer = new RecordingObserver() };

        Assert.Throws<ArgumentException>(() => harness.Scheduler.Submit(request));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(ScriptedTokenizer.VocabularySize)]
    public async Task Submit_TokenOutsideTheVocabulary_ThrowsWithItsPlace(int token)
    {
        await using var harness = new SchedulerHarness();

        var request = new SequenceRequest { Prompt = [1, 2, token], Observer = new RecordingObserver() };

        ArgumentException exception = Assert.Throws<ArgumentException>(() => harness.Scheduler.Submit(request));
        Assert.Contains($"{token} at 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_NegativeTokenLimit_Throws()
    {
        await using var harness = new SchedulerHarness();

        Assert.Throws<ArgumentOutOfRangeException>(() => harness.Submit("a", maxTokens: -1));
    }

    [Fact]
    public async Task Submit_PromptAsLongAsTheContext_ThrowsWithBothNumbers()
    {
        await using var harness = new SchedulerHarness(context: 16);

        ContextLengthException exception = Assert.Throws<ContextLengthException>(() => harness.Submit("a", prompt: 17));

        Assert.Equal(17, exception.PromptTokens);
        Assert.Equal(16, exception.ContextLength);
        Assert.Contains("17", exception.Message, StringComparison.Ordinal);
        Assert.Contains("16", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ContextLengthException>(() => harness.Submit("a", prompt: 16));
        Assert.Equal(0, harness.Scheduler.Statistics.Waiting);
    }
}
