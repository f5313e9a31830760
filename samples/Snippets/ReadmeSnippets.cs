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

    public static async Task OwnModelAsync(Client client)
    {
        ModelClient model = client.Model("~/models/model.gguf");
        ChatResult answer = await model.ChatAsync("Who are you?", new GenerationOptions { MaxOutputTokens = 200 });
        Console.WriteLine(answer.Text);
    }
}
