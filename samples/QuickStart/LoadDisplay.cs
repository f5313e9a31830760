using Orchard;
using Spectre.Console;

namespace QuickStart;

/// <summary>Loads a model behind a progress bar, if there is a terminal.</summary>
internal static class LoadDisplay
{
    /// <summary>Downloads and loads the model, as far as necessary.</summary>
    public static Task<ModelInfo> LoadAsync(Client client, string model, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
        {
            return client.Models.EnsureLoadedAsync(model, cancellationToken: cancellationToken);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn(),
                new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = new Bar(context.AddTask(Markup.Escape(model)), model);
                return client.Models.EnsureLoadedAsync(model, bar, cancellationToken);
            });
    }

    private sealed class Bar(ProgressTask task, string model) : IProgress<ModelLoadProgress>
    {
        public void Report(ModelLoadProgress load)
        {
            task.Description = Markup.Escape($"{load.Phase} {model}");
            task.IsIndeterminate = load.Fraction is null;
            task.MaxValue = Math.Max(1, load.TotalBytes ?? 1);
            task.Value = (load.Fraction ?? 0) * task.MaxValue;
        }
    }
}
