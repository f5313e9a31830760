using Spectre.Console;

namespace Orchard.Cli.Terminals;

/// <summary>Shows how a download or load proceeds: as a bar on a terminal, otherwise as lines.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs an operation and shows its progress on standard error.</summary>
    public static Task<T> RunAsync<T>(Terminal terminal, string model, Func<IProgress<ModelLoadProgress>, Task<T>> operation) =>
        terminal.IsErrorRedirected ? operation(new Lines(terminal.Error, model)) : ShowBarAsync(terminal.Notes, model, operation);

    private static Task<T> ShowBarAsync<T>(IAnsiConsole console, string model, Func<IProgress<ModelLoadProgress>, Task<T>> operation) =>
        console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn(),
                new RemainingTimeColumn())
            .StartAsync(context => operation(new Bar(context.AddTask(Markup.Escape(model)), model)));

    /// <summary>A bar on a terminal.</summary>
    private sealed class Bar(ProgressTask task, string model) : IProgress<ModelLoadProgress>
    {
        public void Report(ModelLoadProgress value)
        {
            task.Description = Markup.Escape($"{value.Phase} {model}");
            task.IsIndeterminate = value.Fraction is null;
            task.MaxValue = Math.Max(1, value.TotalBytes ?? 1);
            task.Value = (value.Fraction ?? 0) * task.MaxValue;
        }
    }

    /// <summary>A line per tenth of a download. Loads are quick, and say nothing.</summary>
    private sealed class Lines(TextWriter writer, string model) : IProgress<ModelLoadProgress>
    {
        private const int Steps = 10;

        private ModelLoadPhase? _phase;
        private int _step;

        public void Report(ModelLoadProgress value)
        {
            if (value.Phase is not (ModelLoadPhase.Downloading or ModelLoadPhase.Verifying))
            {
                return;
            }

            int step = (int)((value.Fraction ?? 0) * Steps);
            if (value.Phase == _phase && step == _step)
            {
                return;
            }

            (_phase, _step) = (value.Phase, step);
            string total = value.TotalBytes is { } bytes ? $" of {Quantities.Bytes(bytes)}" : "";
            string rate = value.BytesPerSecond is { } speed ? $", {Quantities.Bytes((long)speed)}/s" : "";
            writer.WriteLine($"{value.Phase} {model}: {step * (100 / Steps)} %{total}{rate}");
        }
    }
}
