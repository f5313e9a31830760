using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class SingleTokenTimeTests
{
    private readonly SingleTokenTime _time = new();

    [Fact]
    public void CountIn_NothingSeen_IsNotKnown() => Assert.Null(_time.CountIn(TimeSpan.FromMilliseconds(1)));

    [Fact]
    public void CountIn_SteadyDecodes_IsTheirNumber()
    {
        for (int i = 0; i < 3; i++)
        {
            _time.Record(TimeSpan.FromMilliseconds(2));
        }

        Assert.Equal(2.5, _time.CountIn(TimeSpan.FromMilliseconds(5)));
    }

    [Fact]
    public void Record_OneDecodeWasHeldUp_CountsForLittle()
    {
        _time.Record(TimeSpan.FromMilliseconds(2));
        _time.Record(TimeSpan.FromMilliseconds(100));

        Assert.Equal(1, _time.CountIn(TimeSpan.FromMilliseconds(2.25)));
    }
}
