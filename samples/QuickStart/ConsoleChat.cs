using System.Diagnostics;
using System.Text;
using Orchard;

namespace QuickStart;

/// <summary>A console chat: a single question, or a conversation until the user exits.</summary>
internal sealed class ConsoleChat(Arguments arguments)
{
    private readonly CtrlC _ctrlC = new();

    /// <summary>Runs the chat and returns the exit code of the process.</summary>
    public async Task<int> RunAsync()
    {
        try
        {
            long started = Stopwatch.GetTimestamp();
            await using Client client = await Client.ConnectAsync(cancellationToken: _ctrlC.Leave);
            ModelInfo model = await LoadDisplay.LoadAsync(client, arguments.Model, _ctrlC.Leave);
            Console.Error.WriteLine($"{Path.GetFileName(model.Path)} is ready after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s.");
            return arguments.Question is { } question ? await AskAsync(client, question) : await ConverseAsync(client);
        }
        catch (OperationCanceledException) when (_ctrlC.Leave.IsCancellationRequested)
        {
            return 130;
        }
        catch (OrchardException e)
        {
            Console.Error.WriteLine($"{Environment.NewLine}{e.Message}");
            return 1;
        }
    }

    private async Task<int> AskAsync(Client client, string question) =>
        await AnswerAsync(client, [Message.User(question)]) is null ? 130 : 0;

    private async Task<int> ConverseAsync(Client client)
    {
        Console.Error.WriteLine("Ask something. Ctrl+C stops an answer, and leaves when there is none; so does an empty line.");
        var conversation = new List<Message>();
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            conversation.Add(Message.User(line));
            try
            {
                // The part of a stopped answer that has arrived stays in the conversation.
                conversation.Add(Message.Assistant(await AnswerAsync(client, conversation) ?? ""));
            }
            catch (ContextLengthExceededException e)
            {
                Console.Error.WriteLine($"{e.Message} Starting afresh.");
                conversation.Clear();
            }
        }

        return 0;
    }

    private async Task<string?> ReadLineAsync()
    {
        Console.Error.Write("> ");
        try
        {
            // Reading from the console cannot be cancelled: after Ctrl+C, the pending read ends with the process.
            return await Task.Run(Console.ReadLine).WaitAsync(_ctrlC.Leave);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine();
            return null;
        }
    }

    // Null if the only answer of a non-interactive run was cancelled before its first token.
    private async Task<string?> AnswerAsync(Client client, IReadOnlyList<Message> conversation)
    {
        using var answer = _ctrlC.BeginAnswer();
        var text = new StringBuilder();
        var speed = new Speedometer();
        try
        {
            await foreach (ChatDelta delta in client.ChatStreamAsync(arguments.Model, conversation, cancellationToken: answer.Token))
            {
                speed.OnDelta(delta);
                text.Append(delta.Text);
                Console.Write(delta.Text);
            }

            Console.WriteLine();
            Console.Error.WriteLine(speed);
            return text.ToString();
        }
        catch (OperationCanceledException) when (answer.Token.IsCancellationRequested)
        {
            Console.WriteLine();
            Console.Error.WriteLine("(stopped)");
            return text.Length == 0 ? null : text.ToString();
        }
    }
}
