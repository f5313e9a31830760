using Orchard.Formatting;

namespace Orchard.Tests.Formatting;

public sealed class ChatMlTests
{
    [Fact]
    public void Render_SystemAndTurns_WritesEachTurnAndOpensTheAnswer()
    {
        RenderedPrompt prompt = ChatFormatter.For(null).Render(
            [Message.System("Be short."), Message.User("Hi"), Message.Assistant("Hello."), Message.User("Bye")]);

        Assert.Equal(
            "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n"
            + "<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n",
            prompt.Text);
    }

    [Fact]
    public void Render_ModelWithoutTemplate_LooksForTheEndOfTurnInTheText() =>
        Assert.Equal(["<|im_end|>"], ChatFormatter.For(null).Render([Message.User("Hi")]).StopSequences);

    [Fact]
    public void Render_UnknownRole_NamesIt()
    {
        var error = Assert.Throws<ChatTemplateException>(() => ChatFormatter.For(null).Render([new Message((MessageRole)9, "Hi")]));

        Assert.Contains("'9'", error.Message, StringComparison.Ordinal);
    }
}
