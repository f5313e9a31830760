namespace Orchard.Protocol.Messages.Deltas;

/// <summary>A nullable count in four bytes, half the size of <c>int?</c>. Negative numbers become null.</summary>
internal readonly record struct OptionalCount
{
    private readonly uint _countPlusOne;

    private OptionalCount(int? count) => _countPlusOne = count is >= 0 ? (uint)count.Value + 1 : 0;

    public static implicit operator OptionalCount(int? count) => new(count);

    public static implicit operator int?(OptionalCount count) => count._countPlusOne == 0 ? null : (int)(count._countPlusOne - 1);
}
