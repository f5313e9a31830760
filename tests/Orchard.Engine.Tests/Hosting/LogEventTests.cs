using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Hosting;

/// <summary>Every log message has a unique event id, by which logs are filtered.</summary>
public sealed class LogEventTests
{
    [Fact]
    public void LogMethods_All_HaveAnIdOfTheirOwn()
    {
        (string Method, int? Id)[] events = LogEvents.Of(typeof(Orchard.Engine.Serving.Responses.SequenceStopwatch).Assembly);

        Assert.NotEmpty(events);
        Assert.All(events, logged => Assert.True(logged.Id > 0, $"{logged.Method} has no event id."));
        Assert.Empty(events.GroupBy(logged => logged.Id).Where(same => same.Count() > 1).Select(same => string.Join(", ", same.Select(logged => logged.Method))));
    }
}
