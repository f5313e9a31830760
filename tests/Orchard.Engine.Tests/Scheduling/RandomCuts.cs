namespace Orchard.Engine.Tests.Scheduling;

internal static class RandomCuts
{
    /// <summary>Splits bytes into pieces of one to five bytes, and occasional empty ones.</summary>
    public static byte[][] Of(byte[] bytes, Random random)
    {
        var pieces = new List<byte[]>();
        for (int start = 0; start < bytes.Length;)
        {
            int end = Math.Min(bytes.Length, start + random.Next(0, 6));
            pieces.Add(bytes[start..end]);
            start = end;
        }

        return [.. pieces];
    }
}
