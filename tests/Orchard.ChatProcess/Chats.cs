using System.Globalization;
using System.Text;

namespace Orchard.ChatProcess;

/// <summary>What a peaceful program does with its engine.</summary>
internal static class Chats
{
    public static async Task OnceAsync(Client client)
    {
        int? engine = client.CurrentSession?.ProcessId;
        ChatResult answer = await client.ChatAsync("starter", "What is the capital of France?");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine} {answer.Text.ReplaceLineEndings(" ")}"));
    }

    // Says how many answers are equal to the first one that came, and the names of the errors of the others.
    public static async Task StreamAsync(Client client, int count)
    {
        var firstWord = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string>[] streams = [.. Enumerable.Range(0, count).Select(_ => ReadAsync())];
        await firstWord.Task;
        Console.WriteLine("busy");
        string[] ends = await Task.WhenAll(streams);
        Console.WriteLine(string.Join(' ', ends.GroupBy(end => end.StartsWith('!') ? end[1..] : "ok").Select(group => $"{group.Key}:{group.Count()}"))
            + $" texts:{ends.Where(end => !end.StartsWith('!')).Distinct().Count()}");

        async Task<string> ReadAsync()
        {
            var text = new StringBuilder();
            try
            {
                await foreach (ChatDelta delta in client.ChatStreamAsync("starter", "Give me a detailed description of a storm."))
                {
                    text.Append(delta.Text);
                    firstWord.TrySetResult();
                }

                return text.ToString();
            }
            catch (OrchardException e)
            {
                return $"!{e.GetType().Name}";
            }
        }
    }

    public static async Task ForeverAsync(Client client)
    {
        IReadOnlyList<Message> question = [Message.User("Give me a detailed description of a forest.")];
        await foreach (ChatDelta _ in client.ChatStreamAsync("starter", question))
        {
            Console.WriteLine("busy");
            break;
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync()));

        async Task AskAsync()
        {
            while (true)
            {
                await client.ChatBatchAsync("starter", [.. Enumerable.Repeat(question, 12)]);
            }
        }
    }
}
