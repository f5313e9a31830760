using Microsoft.Extensions.Time.Testing;
using Orchard.Models;

namespace Orchard.Tests.Models;

public sealed class RecentModelTests
{
    private readonly FakeTimeProvider _time = new();
    private int _looks;

    [Fact]
    public void Resolve_SameNameAtOnce_IsLookedForOnceAndAgainSoonAfter()
    {
        RecentModel recent = Create();

        recent.Resolve("/models/a.gguf");
        recent.Resolve("/models/a.gguf");
        Assert.Equal(1, _looks);

        recent.Resolve("/models/b.gguf");
        Assert.Equal(2, _looks);

        _time.Advance(TimeSpan.FromMilliseconds(200));
        recent.Resolve("/models/b.gguf");
        Assert.Equal(3, _looks);
    }

    [Fact]
    public void Resolve_RelativePath_IsLookedForEveryTime()
    {
        RecentModel recent = Create();

        recent.Resolve("a.gguf");
        recent.Resolve("a.gguf");

        Assert.Equal(2, _looks);
    }

    private RecentModel Create() => new(
        name =>
        {
            _looks++;
            return new ResolvedModel(name, name, name);
        },
        _time);
}
