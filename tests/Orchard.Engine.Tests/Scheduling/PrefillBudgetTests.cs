using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class PrefillBudgetTests
{
    private const int Most = 256;

    private readonly DecodeStepTime _decodeStep = new();
    private readonly PrefillBudget _budget;

    public PrefillBudgetTests() => _budget = new PrefillBudget(Most, _decodeStep);

    [Fact]
    public void Tokens_NothingLearned_IsTheMost() => Assert.Equal(Most, _budget.Tokens);

    [Theory]
    [InlineData(0.1, 18, 0.1)]
    [InlineData(1, 18, 1)]
    [InlineData(0.5, 0, 4)]
    public void Record_StepsOfAMachine_SettlesWhereStepsTakeTwoToThreeTimesAsLong(double millisecondsPerToken, double pass, double tolerance)
    {
        const double DecodeStep = 20;
        _decodeStep.Record(Milliseconds(DecodeStep));

        double step = 0;
        for (int i = 0; i < 200; i++)
        {
            step = DecodeStep + pass + (_budget.Tokens * millisecondsPerToken);
            _budget.Record(_budget.Tokens, decoding: 8, Milliseconds(step));
        }

        Assert.InRange(step / DecodeStep, 2.2 - tolerance, 3);
    }

    [Fact]
    public void Record_StepsTooShortToNotice_SettlesWhereTheyAreNoticed()
    {
        _decodeStep.Record(Milliseconds(1));

        double step = 0;
        for (int i = 0; i < 200; i++)
        {
            step = 1 + (_budget.Tokens * 0.2);
            _budget.Record(_budget.Tokens, decoding: 8, Milliseconds(step));
        }

        Assert.InRange(step, 17, 23);
    }

    [Fact]
    public void Record_OneSlowStep_CutsTheBudgetButNotToNothing()
    {
        _decodeStep.Record(Milliseconds(20));
        int before = _budget.Tokens;

        _budget.Record(before, decoding: 8, Milliseconds(2_000));

        Assert.InRange(_budget.Tokens, before / 2, before - 1);
    }

    [Fact]
    public void Record_StepsThatUseLessThanTheirBudget_DoNotRaiseIt()
    {
        _decodeStep.Record(Milliseconds(20));
        int before = _budget.Tokens;

        _budget.Record(promptTokens: 1, decoding: 8, Milliseconds(21));

        Assert.Equal(before, _budget.Tokens);
    }

    [Fact]
    public void Record_OneShortStep_RaisesTheBudgetByLessThanItCouldTake()
    {
        _decodeStep.Record(Milliseconds(20));
        int before = _budget.Tokens;

        _budget.Record(before, decoding: 8, Milliseconds(0.9 * 2.2 * 20));

        Assert.InRange(_budget.Tokens, before, (int)(before * 1.06));
    }

    [Fact]
    public void RecordDecodeStep_BesideMedia_LongerStepsDoNotSoonCountAsUsual()
    {
        _decodeStep.Record(Milliseconds(20));
        for (int i = 0; i < 30; i++)
        {
            _decodeStep.Record(Milliseconds(35), isBesideMedia: true);
        }

        Assert.InRange(_decodeStep.Value.TotalMilliseconds, 20, 22);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(35)]
    public void RecordDecodeStep_BesideMediaForLong_IsLearned(double milliseconds)
    {
        _decodeStep.Record(Milliseconds(20));
        for (int i = 0; i < 1_000; i++)
        {
            _decodeStep.Record(Milliseconds(milliseconds), isBesideMedia: true);
        }

        Assert.Equal(milliseconds, _decodeStep.Value.TotalMilliseconds, tolerance: 1);
    }

    [Fact]
    public void Record_BudgetOfMedia_SettlesAtItsOwnTarget()
    {
        var budget = new PrefillBudget(Most, _decodeStep, slowdown: 2, unnoticed: TimeSpan.Zero);
        _decodeStep.Record(Milliseconds(4));

        double step = 0;
        for (int i = 0; i < 200; i++)
        {
            step = 4 + (budget.Tokens * 0.1);
            budget.Record(budget.Tokens, decoding: 8, Milliseconds(step));
        }

        Assert.InRange(step, 7.8, 8.2);
    }

    [Fact]
    public void Tokens_MostBelowTheLeast_IsTheMost()
    {
        var budget = new PrefillBudget(2, _decodeStep);
        _decodeStep.Record(Milliseconds(1));
        budget.Record(promptTokens: 2, decoding: 8, Milliseconds(1_000));

        Assert.Equal(2, budget.Tokens);
    }

    [Fact]
    public void Tokens_ClockThatStandsStill_IsTheMost()
    {
        _decodeStep.Record(TimeSpan.Zero);
        _budget.Record(promptTokens: 100, decoding: 8, TimeSpan.Zero);

        Assert.Equal(Most, _budget.Tokens);
    }

    private static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);
}
