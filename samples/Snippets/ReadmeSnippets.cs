using Orchard;

namespace Snippets;

/// <summary>The code of README.md. A test checks that both are the same.</summary>
public static class ReadmeSnippets
{
    public static async Task FirstChatAsync()
    {
        await using var client = await Client.ConnectAsync();

        ChatResult answer = await client.ChatAsync("starter", "What is the capital of France?");
        Console.WriteLine(answer.Text);

        await foreach (ChatDelta delta in client.ChatStreamAsync("starter", "Count from 1 to 10."))
        {
            Console.Write(delta.Text);
        }
    }

    public static async Task ConversationAsync(Client client, CancellationToken cancellationToken)
    {
        ChatResult answer = await client.ChatAsync(
            "starter",
            [Message.System("Answer briefly."), Message.User("You can call me Lena."), Message.Assistant("Hello Lena."), Message.User("Who am I?")],
            new GenerationOptions { MaxOutputTokens = 200, Temperature = 0.7, Seed = 42 },
            cancellationToken);
        Console.WriteLine($"{answer.Text} ({answer.Usage.CompletionTokens} tokens, {answer.FinishReason})");
    }

    public static async Task<IReadOnlyList<ChatResult>> BatchAsync(Client client)
    {
        IReadOnlyList<ChatResult> answers = await client.ChatBatchAsync(
            "starter", [[Message.User("What is the capital of Japan?")], [Message.User("What is 3 * 5?")]]);
        return answers;
    }

    public static async Task OwnModelAsync(Client client)
    {
        ModelInfo model = await client.Models.EnsureLoadedAsync("/path/to/model.gguf");
        Console.WriteLine($"{model.Architecture}, {model.ContextLength} tokens of context");
    }
}
