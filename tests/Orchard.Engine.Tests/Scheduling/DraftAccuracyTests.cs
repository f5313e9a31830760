using Orchard.Engine.Scheduling.Speculation;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class DraftAccuracyTests
{
    [Fact]
    public void Record_DraftsComeTrue_AreExpectedTo()
    {
        var accuracy = new DraftAccuracy(weight: 0.2);
        Assert.Null(accuracy.Value);

        accuracy.Record(4, 4, average: 0.5);
        double after = accuracy.Value!.Value;
        accuracy.Record(4, 0, average: 0);

        Assert.InRange(after, 0.55, 1);
        Assert.InRange(accuracy.Value!.Value, 0.2, after - 0.05);
    }
}
