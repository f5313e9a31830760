using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using Orchard;

namespace ExtensionsAI;

/// <summary>Sends a few requests and stops the application. Only the last line depends on Orchard.</summary>
internal sealed class Conversation(IChatClient chat, IHostApplicationLifetime application) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ConverseAsync(stoppingToken);
        }
        finally
        {
            application.StopApplication();
        }
    }

    private async Task ConverseAsync(CancellationToken cancellationToken)
    {
        ChatResponse response = await chat.GetResponseAsync("What is the capital of France?", cancellationToken: cancellationToken);
        Console.WriteLine($"{response.Text} ({response.Usage?.OutputTokenCount} tokens)");

        ChatResponse kept = await chat.GetResponseAsync("What is the capital of France?", cancellationToken: cancellationToken);
        Console.WriteLine($"Asked again, the same answer from the cache: {kept.ResponseId == response.ResponseId}");

        var options = new ChatOptions
        {
            Temperature = 0.7f,
            MaxOutputTokens = 60,
            Seed = 42,
            AdditionalProperties = new() { ["min_p"] = 0.05 }, // an option that ChatOptions has no property for
        };
        await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync("Give me a detailed description of a forest.", options, cancellationToken))
        {
            Console.Write(update.Text);
        }

        Console.WriteLine();

        // The model calls the function, the middleware invokes it, and the model answers with its result.
        var tools = new ChatOptions { Tools = [AIFunctionFactory.Create(Multiply)] };
        Console.WriteLine(await chat.GetResponseAsync("Multiply 13 by 40.", tools, cancellationToken));

        // The answer is constrained to JSON of this type.
        ChatResponse<Person> person = await chat.GetResponseAsync<Person>(
            "Zoro is 19 years old and lives in London. Write the answer as JSON with the keys name and age.", cancellationToken: cancellationToken);
        Console.WriteLine($"{person.Result.Name} is {person.Result.Age}.");
        Console.WriteLine($"Answered by engine process {chat.GetRequiredService<Client>().EngineStatus.ProcessId}.");
    }

    [Description("Multiplies two numbers")]
    private static int Multiply([Description("First number")] int a, [Description("Second number")] int b) => a * b;

    private sealed record Person([property: StringLength(40)] string Name, [property: Range(0, 150)] int Age);
}
