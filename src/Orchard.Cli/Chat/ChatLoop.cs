using Orchard.Cli.Terminals;

namespace Orchard.Cli.Chat;

/// <summary>A conversation on the terminal, until the user leaves.</summary>
/// <param name="writer">Asks the model.</param>
/// <param name="conversation">The conversation, which may have begun already.</param>
/// <param name="terminal">The terminal.</param>
internal sealed class ChatLoop(AnswerWriter writer, Conversation conversation, Terminal terminal)
{
    private readonly InputReader _reader = new(terminal);
    private readonly SlashCommands _commands = new(conversation, terminal);

    /// <summary>Whether the speed of each answer is shown.</summary>
    public bool ShowsSpeed { get; init; }

    /// <summary>Runs the chat.</summary>
    public async Task RunAsync()
    {
        terminal.Note("Say something, or /help. Ctrl+C stops an answer, and leaves when there is none.");
        while (await _reader.ReadAsync().ConfigureAwait(false) is { } input)
        {
            if (string.IsNullOrWhiteSpace(input))
            {
                continue;
            }

            if (!SlashCommands.IsCommand(input))
            {
                await AnswerAsync(input.StartsWith("//", StringComparison.Ordinal) ? input[1..] : input).ConfigureAwait(false);
            }
            else if (!await _commands.ExecuteAsync(input, terminal.Interrupts.Leave).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    // After an error the conversation is as it was before, and goes on.
    private async Task AnswerAsync(string input)
    {
        int before = conversation.Messages.Count;
        try
        {
            conversation.Messages.Add(conversation.Question(input));
            Answer answer = await writer.AskAsync(conversation.ToSend(), conversation.Options).ConfigureAwait(false);
            conversation.Messages.Add(answer.ToMessage());
            conversation.Attached.Clear();
            if (answer.FinishReason is null)
            {
                terminal.Note("(stopped)");
            }
            else if (ShowsSpeed)
            {
                terminal.Note(answer.DescribeSpeed());
            }
        }
        catch (Exception e) when (e is OrchardException or UsageException or ArgumentException)
        {
            conversation.Messages.RemoveRange(before, conversation.Messages.Count - before);
            terminal.Note(e is ContextLengthExceededException ? $"{e.Message} /clear begins a new conversation." : ExitCodes.Describe(e));
        }
    }
}
