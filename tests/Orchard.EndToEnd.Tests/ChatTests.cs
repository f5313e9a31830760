using System.Text;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

public sealed class ChatTests(EngineFixture fixture)
{
    private Client Client => fixture.Client;

    [Fact]
    public async Task Chat_CutInsideACharacter_LeavesItOutAlsoInAStream()
    {
        const string Prompt = "Repeat exactly: \U0001F34E\U0001F600\U0001F680";
        string whole = (await fixture.Client.ChatAsync("starter", Prompt).OrBroken("the whole answer")).Text;
        for (int tokens = 1; tokens <= 16; tokens++)
        {
            var options = new GenerationOptions { MaxOutputTokens = tokens };
            string text = (await fixture.Client.ChatAsync("starter", Prompt, options).OrBroken("an answer")).Text;
            string streamed = "";
            await foreach (ChatDelta delta in fixture.Client.ChatStreamAsync("starter", Prompt, options))
            {
                streamed += delta.Text;
            }

            Assert.Equal(text, streamed);
            Assert.DoesNotContain('\uFFFD', text);
            Assert.StartsWith(text, whole, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Chat_OneQuestion_AnswersWithUsage()
    {
        ChatResult answer = await Client.ChatAsync("starter", "What is the capital of France?").OrBroken("the answer");

        Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
        Assert.Equal(FinishReason.Stop, answer.FinishReason);
        Assert.InRange(answer.Usage.PromptTokens, 8, 40);
        Assert.InRange(answer.Usage.CompletionTokens, 3, 20);
        Assert.Equal(answer.Usage.PromptTokens + answer.Usage.CompletionTokens, answer.Usage.TotalTokens);
    }

    [Fact]
    public async Task ChatStream_SameQuestion_GivesTheSameTextAndUsage()
    {
        const string Question = "Give me a detailed description of a forest.";
        ChatResult whole = await Client.ChatAsync("starter", Question).OrBroken("the whole answer");

        var text = new StringBuilder();
        var deltas = new List<ChatDelta>();
        await foreach (ChatDelta delta in Client.ChatStreamAsync("starter", Question))
        {
            deltas.Add(delta);
            text.Append(delta.Text);
        }

        Assert.Equal(whole.Text, text.ToString());

        // Devices round differently, so the answer is another one there, and may be shorter than 20 tokens.
        int least = Gpu.GpuTests.HasGpu ? whole.Usage.CompletionTokens / 2 : 20;
        TestContext.Current.TestOutputHelper?.WriteLine($"{whole.Usage.CompletionTokens} tokens in {deltas.Count} deltas");
        Assert.True(deltas.Count > least, $"only {deltas.Count} deltas");
        Assert.All(deltas[..^1], delta => Assert.Null(delta.FinishReason));
        Assert.Equal(whole.FinishReason, deltas[^1].FinishReason);

        // What is in the prefix cache depends on who asked in between.
        Assert.Equal(whole.Usage with { CachedTokens = 0 }, deltas[^1].Usage!.Value with { CachedTokens = 0 });
    }

    [Fact]
    public async Task Chat_SameQuestionAgain_TakesThePromptFromTheCacheAndSaysTheSame()
    {
        const string Question = "Give me a detailed description of a river, a lake and a mountain.";
        ChatResult first = await Client.ChatAsync("starter", Question).OrBroken("the first answer");

        // Others of this suite share the engine, and may have taken the slot in between.
        var again = new List<ChatResult>();
        do
        {
            again.Add(await Client.ChatAsync("starter", Question).OrBroken("the answer to the same question"));
        }
        while (again[^1].Usage.CachedTokens == 0 && again.Count < 20);

        Assert.InRange(again[^1].Usage.CachedTokens, 1, again[^1].Usage.PromptTokens - 1);
        Assert.All(again, answer => Assert.Equal(first.Text, answer.Text));
    }

    [Fact]
    public async Task ChatBatch_ManyConversations_AnswersInTheirOrder()
    {
        (string Country, string Capital)[] facts = [("France", "Paris"), ("Japan", "Tokyo"), ("Italy", "Rome"), ("Egypt", "Cairo"), ("Chile", "Santiago")];

        IReadOnlyList<ChatResult> answers = await Client.ChatBatchAsync(
            "starter",
            [.. facts.Select(fact => (IReadOnlyList<Message>)[Message.User($"What is the capital of {fact.Country}?")])]).OrBroken("the batch");

        Assert.Equal(facts.Length, answers.Count);
        Assert.All(facts.Zip(answers), pair => Assert.Contains(pair.First.Capital, pair.Second.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_SecondTurn_RemembersTheFirst()
    {
        var conversation = new List<Message> { Message.User("You can call me Lena.") };
        ChatResult first = await Client.ChatAsync("starter", conversation).OrBroken("the first answer");
        conversation.Add(Message.Assistant(first.Text));
        conversation.Add(Message.User("Do you remember my name?"));

        ChatResult second = await Client.ChatAsync("starter", conversation).OrBroken("the second answer");

        Assert.Contains("Lena", second.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_SystemMessage_IsObeyed()
    {
        ChatResult answer = await Client.ChatAsync(
            "starter",
            [Message.System("You are an AI assistant. Write every answer in upper case."), Message.User("Hey, which is the seventh day of the week?")])
            .OrBroken("the answer");

        Assert.Equal("THE SEVENTH DAY OF THE WEEK IS SUNDAY.", answer.Text);
    }

    [Theory]
    [InlineData("Türkiye Türkiye Ångström")]
    [InlineData("🌲")]
    [InlineData("日本")]
    public async Task ChatStream_TextOutsideAscii_ComesBackWhole(string text)
    {
        var answer = new StringBuilder();
        await foreach (ChatDelta delta in Client.ChatStreamAsync("starter", $"Repeat: {text}"))
        {
            Assert.DoesNotContain('\uFFFD', delta.Text);
            answer.Append(delta.Text);
        }

        Assert.Equal(text, answer.ToString());
    }

    [Fact]
    public async Task Chat_MaxTokens_EndsAtThatLength()
    {
        ChatResult answer = await Client.ChatAsync(
            "starter", "Give me a detailed description of a forest.", new GenerationOptions { MaxOutputTokens = 7 }).OrBroken("the answer");

        Assert.Equal(FinishReason.Length, answer.FinishReason);
        Assert.Equal(7, answer.Usage.CompletionTokens);
    }

    [Fact]
    public async Task Chat_StopString_EndsBeforeIt()
    {
        ChatResult answer = await Client.ChatAsync(
            "starter", "Count from 1 to 10.", new GenerationOptions { StopSequences = [", 5", "never"] }).OrBroken("the answer");

        Assert.Equal("1, 2, 3, 4", answer.Text);
        Assert.Equal(FinishReason.Stop, answer.FinishReason);
    }

    [Fact]
    public async Task Chat_SeededSampling_RepeatsItself()
    {
        async Task<string> AskAsync(uint seed) =>
            (await Client.ChatAsync(
                "starter",
                "Give me a detailed description of a storm.",
                new GenerationOptions { Temperature = 1.5, TopK = 0, TopP = 1, MinP = 0, Seed = seed, IsDeterministic = true, MaxOutputTokens = 60 }).OrBroken("a sampled answer")).Text;

        string[] same = [await AskAsync(7), await AskAsync(7)];
        string other = await AskAsync(8);

        Assert.Equal(same[0], same[1]);
        Assert.NotEqual(same[0], other);
    }
}
