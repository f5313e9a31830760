using Orchard.Formatting;
using Orchard.Protocol.Messages;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Formatting;

public sealed class TemplateFormatterTests
{
    [Fact]
    public void Render_ModelsOwnTemplate_IsWhatThePromptIsWrittenBy()
    {
        ChatFormatter formatter = For(
            "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m['content'] }}{{ eos_token if m.role == 'assistant' }}{% endfor %}"
            + "{% if add_generation_prompt %}[assistant]{% endif %}{% if tools %}tools{% endif %}");

        RenderedPrompt prompt = formatter.Render([Message.System("Be short."), Message.User("Hi"), Message.Assistant("Hello."), Message.User("Bye")]);

        Assert.Equal("<s>[system]Be short.[user]Hi[assistant]Hello.</s>[user]Bye[assistant]", prompt.Text);
        Assert.Empty(prompt.StopStrings);
    }

    [Fact]
    public void Render_TemplateRefusesTheConversation_SaysWhyAndWhere()
    {
        ChatFormatter formatter = For("{% if messages[0].role == 'system' %}\n{{ raise_exception('No system messages, please.') }}{% endif %}");

        var error = Assert.Throws<ChatTemplateException>(() => formatter.Render([Message.System("Be short.")]));

        Assert.Contains("No system messages, please.", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Line);
    }

    [Fact]
    public void Render_TemplateThatIsNone_FailsEachTime()
    {
        ChatFormatter formatter = For("{% for %}");

        Assert.Throws<ChatTemplateException>(() => formatter.Render([Message.User("Hi")]));
        Assert.Throws<ChatTemplateException>(() => formatter.Render([Message.User("Hi")]));
    }

    [Fact]
    public async Task Chat_EngineNamesATemplate_SendsThePromptItWrites()
    {
        await using var engine = new FakeEngine();
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        await client.ChatAsync("starter", [Message.System("Be short."), Message.User("Hi")]).OrBroken("the answer");

        Assert.Equal(
            "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", engine.Requests[0].Prompts[0].Text);
    }

    private static ChatFormatter For(string template) =>
        ChatFormatter.For(new ModelFacts { ChatTemplate = template, BeginToken = "<s>", EndToken = "</s>" });
}
