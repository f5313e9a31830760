using Orchard.Calls;
using Orchard.Interleaving;

namespace Orchard;

/// <summary>Stands in for the framework's.</summary>
internal static class Interlocked
{
    public static int Exchange(ref int location, int value)
    {
        Schedule.Point("exchanges a number");
        return System.Threading.Interlocked.Exchange(ref location, value);
    }

    public static int Decrement(ref int location)
    {
        Schedule.Point("counts down");
        return System.Threading.Interlocked.Decrement(ref location);
    }

    public static int Increment(ref int location)
    {
        Schedule.Point("counts up");
        return System.Threading.Interlocked.Increment(ref location);
    }

    public static ulong Increment(ref ulong location)
    {
        Schedule.Point("counts up");
        return System.Threading.Interlocked.Increment(ref location);
    }
}

/// <summary>Stands in for the framework's. What weaker memory may show beyond an order of steps is not explored.</summary>
internal static class Volatile
{
    public static int Read(ref readonly int location)
    {
        Schedule.Point("reads a number");
        return System.Threading.Volatile.Read(in location);
    }

    public static T Read<T>(ref readonly T location)
        where T : class?
    {
        Schedule.Point("reads a reference");
        return System.Threading.Volatile.Read(in location);
    }

    public static void Write(ref int location, int value)
    {
        Schedule.Point("writes a number");
        System.Threading.Volatile.Write(ref location, value);
    }

    public static void Write<T>(ref T location, T value)
        where T : class?
    {
        Schedule.Point("writes a reference");
        System.Threading.Volatile.Write(ref location, value);
    }
}
