namespace Orchard.Engine.Tests.Scheduling;

internal static class RandomCuts
{
    /// <summary>Cuts bytes into pieces of one to five bytes, with an empty one here and there.</summary>
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
