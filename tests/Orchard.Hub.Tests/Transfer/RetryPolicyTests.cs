using System.Net;
using Microsoft.Extensions.Time.Testing;
using Orchard.Hub.Transfer;

namespace Orchard.Hub.Tests.Transfer;

public sealed class RetryPolicyTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("RateLimit", "\"resolvers\";r=0;t=42", 42)]
    [InlineData("RateLimit", "\"api\";r=499;t=300", 300)]
    [InlineData("RateLimit", "\"api\";r=0;t=99999", 300)]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT", 60)]
    [InlineData("Retry-After", "Thu, 01 Jan 2026 23:00:00 GMT", 300)]
    [InlineData("Retry-After", "Wed, 31 Dec 2025 00:00:00 GMT", 0)]
    [InlineData("RateLimit", "nonsense", null)]
    [InlineData("X-Other", "1", null)]
    public void RequestedWait_Header_ItsSeconds(string header, string value, int? seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation(header, value);

        Assert.Equal(seconds, RetryPolicy.RequestedWait(response, Longest, _time)?.TotalSeconds);
    }
}
