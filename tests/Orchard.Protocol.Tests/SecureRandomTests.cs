namespace Orchard.Protocol.Tests;

public sealed class SecureRandomTests
{
    [Fact]
    public void Next64_ManyNumbers_HaveAllBitsAndDiffer()
    {
        ulong[] numbers = [.. Enumerable.Range(0, 1000).Select(static _ => SecureRandom.Next64())];

        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.Equal(ulong.MaxValue, numbers.Aggregate(static (all, number) => all | number));
        Assert.Equal(0ul, numbers.Aggregate(static (all, number) => all & number));
    }

    [Fact]
    public void Next31_ManyNumbers_ArePositive() =>
        Assert.All(Enumerable.Range(0, 1000), static _ => Assert.InRange(SecureRandom.Next31(), 1u, (uint)int.MaxValue));
}
