using System.Globalization;

namespace Orchard.Interleaving;

/// <summary>Runs one scenario in many orders.</summary>
internal static class Explorer
{
    private const int ShownSteps = 120;

    // What means that something is broken: a schedule takes less than a millisecond.
    private static readonly TimeSpan ScheduleLimit = TimeSpan.FromMinutes(1);

    /// <summary>Runs it in the orders of the seeds from the first on.</summary>
    /// <returns>How the first failure came about; null when there was none.</returns>
    public static string? Explore(Scenario scenario, int firstSeed, int schedules)
    {
        _ = Task.CompletedTask; // made here, since to make it takes steps
        var idle = new Stack<Worker>();
        for (int i = 0; i < schedules; i++)
        {
            int seed = unchecked(firstSeed + i);
            if (Run(scenario, seed, idle, traced: false).Failure is { } failure)
            {
                return Describe(scenario, seed, failure, i + 1);
            }
        }

        return null;
    }

    private static Schedule Run(Scenario scenario, int seed, Stack<Worker> idle, bool traced)
    {
        var schedule = new Schedule(seed, idle, traced);
        schedule.Run(scenario.RunAsync, ScheduleLimit);
        return schedule;
    }

    // The seed is run again, now written down; that it fails again in the same way shows that it can be repeated.
    private static string Describe(Scenario scenario, int seed, string failure, int schedules)
    {
        Schedule again = Run(scenario, seed, new Stack<Worker>(), traced: true);
        string repeated = again.Failure is { } second && WithoutFrames(second) == WithoutFrames(failure)
            ? "It fails in the same way again"
            : $"RUN AGAIN IT ENDED DIFFERENTLY ({again.Failure ?? "well"})";
        IEnumerable<string> steps = again.Trace.TakeLast(ShownSteps);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{scenario.GetType().Name} failed in schedule {schedules}, seed {seed}: {failure}{Environment.NewLine}{repeated}; its last steps, by strand:{Environment.NewLine}{string.Join(Environment.NewLine, steps)}");
    }

    // Frames come and go: the runtime compiles a method once more while it runs, and then inlines others into it.
    private static string WithoutFrames(string failure) =>
        string.Join('\n', failure.Split('\n').Where(static line => !line.TrimStart().StartsWith("at ", StringComparison.Ordinal)));
}
