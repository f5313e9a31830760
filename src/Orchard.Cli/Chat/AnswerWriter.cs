using System.Text;
using Orchard.Cli.Terminals;

namespace Orchard.Cli.Chat;

/// <summary>Asks a model and writes its answer as it arrives: the answer to standard output, its reasoning to the person only.</summary>
/// <param name="client">The client.</param>
/// <param name="model">The model.</param>
/// <param name="terminal">The terminal.</param>
/// <param name="time">The clock.</param>
internal sealed class AnswerWriter(Client client, string model, Terminal terminal, TimeProvider time)
{
    private const string Dim = "\u001b[2m";
    private const string Plain = "\u001b[0m";

    /// <summary>Whether nothing is written.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Whether reasoning is written to a terminal.</summary>
    public bool ShowsReasoning { get; init; } = true;

    /// <summary>Asks, and returns the answer. When Ctrl+C stops it, that is what has arrived.</summary>
    public async Task<Answer> AskAsync(IReadOnlyList<Message> messages, GenerationOptions options)
    {
        using Interrupts.Answer interrupt = terminal.Interrupts.BeginAnswer();
        var answer = new Collector(time);
        bool inReasoning = false;
        bool inLine = false;
        try
        {
            IAsyncEnumerable<ChatDelta> deltas = client.ChatStreamAsync(model, messages, options, interrupt.Token);
            await foreach (ChatDelta delta in deltas.ConfigureAwait(false))
            {
                answer.Add(delta);
                if (delta.Error is { } error)
                {
                    throw error;
                }

                if (delta.Reasoning.Length > 0 && !IsQuiet && ShowsReasoning && !terminal.IsErrorRedirected)
                {
                    terminal.Error.Write((inReasoning ? "" : Dim) + Printable(delta.Reasoning));
                    inReasoning = true;
                }

                if (delta.Text.Length > 0 && !IsQuiet)
                {
                    EndReasoning(ref inReasoning);
                    inLine = true;
                    terminal.Out.Write(terminal.IsOutputRedirected ? delta.Text : Printable(delta.Text));
                    await terminal.Out.FlushAsync(interrupt.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (interrupt.IsStopped)
        {
        }
        finally
        {
            EndReasoning(ref inReasoning);
            if (inLine)
            {
                terminal.Out.WriteLine();
            }
        }

        return answer.ToAnswer();
    }

    private void EndReasoning(ref bool inReasoning)
    {
        if (inReasoning)
        {
            terminal.Error.WriteLine(Plain);
            inReasoning = false;
        }
    }

    // A model must not control the terminal.
    private static string Printable(string text) => text.Any(IsControl) ? string.Concat(text.Where(c => !IsControl(c))) : text;

    private static bool IsControl(char c) => char.IsControl(c) && c is not ('\n' or '\t');

    /// <summary>Joins the parts of an answer.</summary>
    private sealed class Collector(TimeProvider time)
    {
        private readonly long _start = time.GetTimestamp();
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _reasoning = new();
        private TimeSpan? _first;
        private TimeSpan _last;
        private Usage _usage;
        private FinishReason? _finish;

        public void Add(ChatDelta delta)
        {
            _last = time.GetElapsedTime(_start);
            if (delta.Text.Length > 0 || delta.Reasoning.Length > 0)
            {
                _first ??= _last;
            }

            _text.Append(delta.Text);
            _reasoning.Append(delta.Reasoning);
            _usage = delta.Usage ?? _usage;
            _finish = delta.FinishReason ?? _finish;
        }

        public Answer ToAnswer() => new()
        {
            Text = _text.ToString(),
            Reasoning = _reasoning.ToString(),
            FinishReason = _finish,
            Usage = _usage,
            FirstToken = _first ?? _last,
            Total = _last,
        };
    }
}
