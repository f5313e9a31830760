using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class PrefillBudgetTests
{
    private const int Most = 256;

    private readonly PrefillBudget _budget = new(Most);

    [Fact]
    public void Tokens_NothingLearned_IsTheMost() => Assert.Equal(Most, _budget.Tokens);

    [Fact]
    public void Tokens_PromptStepsAndDecodeStepsSeen_DoublesTheStep()
    {
        _budget.Learn(promptTokens: 100, decoding: 0, Milliseconds(100)); // 1 ms a token
        _budget.Learn(promptTokens: 0, decoding: 8, Milliseconds(20));

        Assert.Equal(20, _budget.Tokens);
    }

    [Fact]
    public void Tokens_MixedStepsCostMore_GoesDown()
    {
        _budget.Learn(promptTokens: 100, decoding: 0, Milliseconds(100));
        _budget.Learn(promptTokens: 0, decoding: 8, Milliseconds(20));
        for (int step = 0; step < 50; step++)
        {
            _budget.Learn(promptTokens: 20, decoding: 8, Milliseconds(60)); // 2 ms a token
        }

        Assert.InRange(_budget.Tokens, 9, 11);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(100_000, Most)]
    public void Tokens_StepsVeryShortOrLong_StaysInBounds(int stepMilliseconds, int expected)
    {
        _budget.Learn(promptTokens: 100, decoding: 0, Milliseconds(1_000));
        _budget.Learn(promptTokens: 0, decoding: 8, Milliseconds(stepMilliseconds));

        Assert.Equal(expected, _budget.Tokens);
    }

    [Fact]
    public void Tokens_MostBelowTheLeast_IsTheMost()
    {
        var budget = new PrefillBudget(2);
        budget.Learn(promptTokens: 1, decoding: 0, Milliseconds(1_000));
        budget.Learn(promptTokens: 0, decoding: 8, Milliseconds(1));

        Assert.Equal(2, budget.Tokens);
    }

    [Fact]
    public void Tokens_ClockThatStandsStill_IsTheMost()
    {
        _budget.Learn(promptTokens: 100, decoding: 0, TimeSpan.Zero);
        _budget.Learn(promptTokens: 0, decoding: 8, TimeSpan.Zero);

        Assert.Equal(Most, _budget.Tokens);
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
