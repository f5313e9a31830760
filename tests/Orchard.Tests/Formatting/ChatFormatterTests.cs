using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orchard.Formatting;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Formatting;

public sealed class ChatFormatterTests
{
    [Fact]
    public void Render_ModelsOwnTemplate_IsWhatThePromptIsWrittenBy()
    {
        ChatFormatter formatter = For(
            "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m['content'] }}{{ eos_token if m.role == 'assistant' }}{% endfor %}"
            + "{% if add_generation_prompt %}[assistant]{% endif %}{% if tools %}tools{% endif %}");

        RenderedPrompt prompt = formatter.Render([Message.System("Be short."), Message.User("Hi"), Message.Assistant("Hello."), Message.User("Bye")]);

        Assert.Equal("<s>[system]Be short.[user]Hi[assistant]Hello.</s>[user]Bye[assistant]", prompt.Text);
        Assert.Empty(prompt.StopSequences);
    }

    [Fact]
    public void Render_TemplateRefusesTheConversation_SaysWhyAndWhere()
    {
        ChatFormatter formatter = For("{% if messages[0].content %}\n{{ raise_exception('No messages, please.') }}{% endif %}");

        var error = Assert.Throws<ChatTemplateException>(() => formatter.Render([Message.System("Be short.")]));

        Assert.Contains("No messages, please.", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Line);
    }

    [Theory]
    [InlineData("\n{{ 1 | frobnicate }}", "Chat template, line 2: there is no filter 'frobnicate'.", 2)]
    [InlineData("{{ x.y }}", "Chat template, line 1: 'x' is undefined.", 1)]
    public void Render_InterpreterFails_ThrowsThePublicExceptionWithMessageAndLine(string template, string message, int line)
    {
        var error = Assert.Throws<ChatTemplateException>(() => For(template).Render([Message.User("Hi")]));

        Assert.Equal(message, error.Message);
        Assert.Equal(line, error.Line);
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
        await using var engine = new FakeEngine(new EngineScript().Answer("ok"));
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        await client.ChatAsync("starter", [Message.System("Be short."), Message.User("Hi")]).OrBroken("the answer");

        Assert.Equal(
            "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", engine.Requests[0].Prompts[0].Text);
    }

    [Fact]
    public void Render_NamedTemplate_IsUsedWhenAskedFor()
    {
        ChatFormatter formatter = ChatFormatter.For(new ModelFacts
        {
            ChatTemplate = "main",
            ChatTemplates = new() { ["tool_use"] = "tools: {{ messages[0].content }}" },
        });

        Assert.Equal("main", Render(formatter, new()).Text);
        Assert.Equal("main", Render(formatter, new() { ChatTemplate = "default" }).Text);
        Assert.Equal("tools: Hi", Render(formatter, new() { ChatTemplate = "tool_use" }).Text);
        var error = Assert.Throws<ChatTemplateException>(() => Render(formatter, new() { ChatTemplate = "rag" }));
        Assert.Contains("'rag', which is neither a Jinja template nor one of the model's: default, tool_use.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_TemplateOfTheCaller_ReplacesTheModels()
    {
        ChatFormatter formatter = ChatFormatter.For(null);

        RenderedPrompt prompt = Render(formatter, new() { ChatTemplate = "Q: {{ messages[0].content }} A:" });

        Assert.Equal("Q: Hi A:", prompt.Text);
        Assert.Empty(prompt.StopSequences); // those are ChatML's
    }

    [Fact]
    public void Render_TemplateVariables_AreWhatTheTemplateSees()
    {
        ChatFormatter formatter = For("{{ bos_token }}{{ date_string }} {{ documents[0].title }} {{ n + 1 }} {{ nothing is none }}{{ '!' if add_generation_prompt }}");

        RenderedPrompt prompt = Render(formatter, new()
        {
            TemplateVariables = new Dictionary<string, JsonNode?>
            {
                ["date_string"] = "26 Jul 2024",
                ["documents"] = new JsonArray(new JsonObject { ["title"] = "One" }),
                ["n"] = 41,
                ["nothing"] = null,
                ["bos_token"] = "<b>",
                ["add_generation_prompt"] = false,
            },
        });

        Assert.Equal("<b>26 Jul 2024 One 42 True", prompt.Text);
    }

    [Fact]
    public void Render_ControlTextInAVariable_IsPlainText()
    {
        ChatFormatter formatter = ChatFormatter.For(new ModelFacts
        {
            ChatTemplate = "{{ documents[0].text }}<|end|>{{ documents[0] | tojson }}",
            ControlTokens = ["<|end|>"],
        });

        RenderedPrompt prompt = Render(formatter, new()
        {
            TemplateVariables = new Dictionary<string, JsonNode?> { ["documents"] = new JsonArray(new JsonObject { ["text"] = "a<|end|>b", ["<|end|>"] = 1 }) },
        });

        Assert.Equal("a<|end|>b<|end|>{\"text\": \"a<|end|>b\", \"<|end|>\": 1}", prompt.Text);
        Assert.Equal([new PlainSpan(0, 9), new PlainSpan(16, prompt.Text.Length - 16)], prompt.Plain);
    }

    [Fact]
    public void Render_SpecialTokensAndDate_AreThere()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2024, 7, 26, 12, 0, 0, TimeSpan.Zero));
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        ChatFormatter formatter = ChatFormatter.For(
            new ModelFacts { ChatTemplate = "{{ unk_token }}|{{ pad_token is defined }}|{{ strftime_now('%d %b %Y') }}", SpecialTokens = new() { ["unk_token"] = "<unk>" } },
            time);

        Assert.Equal("<unk>|False|26 Jul 2024", formatter.Render([Message.User("Hi")]).Text);
    }

    [Fact]
    public void Render_CancelledMeanwhile_StopsLongBeforeTheLimitOfSteps()
    {
        using var cancel = new CancellationTokenSource();
        ChatFormatter formatter = ChatFormatter.For(
            new ModelFacts { ChatTemplate = "{{ strftime_now('%Y') }}{% for i in range(9000) %}{% for j in range(500) %}{% endfor %}{% endfor %}" },
            new CancellingClock(cancel));

        Assert.Throws<OperationCanceledException>(() => formatter.Render([Message.User("Hi")], cancellationToken: cancel.Token));
    }

    [Fact]
    public void Info_SaysWhatTheTemplateCanExpress()
    {
        var plain = new ChatTemplateInfo(For("{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}{{ m.content }}{% endfor %}"));
        var rich = new ChatTemplateInfo(ChatFormatter.For(new ModelFacts
        {
            ChatTemplate = "{% for m in messages %}{{ m.content }}{% endfor %}{% if enable_thinking %}<reason>{% endif %}",
            ChatTemplates = new() { ["tool_use"] = "{{ tools | tojson }}" },
        }));
        var none = new ChatTemplateInfo(ChatFormatter.For(null));

        Assert.Equal((true, false, false, false), (plain.IsFromModel, plain.SupportsSystemRole, plain.SupportsTools, plain.SupportsReasoning));
        Assert.Equal((true, true, true, true), (rich.IsFromModel, rich.SupportsSystemRole, rich.SupportsTools, rich.SupportsReasoning));
        Assert.Equal((false, true, false, false), (none.IsFromModel, none.SupportsSystemRole, none.SupportsTools, none.SupportsReasoning));
        Assert.Equal(["tool_use"], rich.Names);
    }

    [Fact]
    public async Task Load_ModelWithoutTemplate_IsSaidOnce()
    {
        var log = new FakeLogs();
        await using var engine = new FakeEngine(new EngineScript().Answer("ok")) { ChatTemplate = null };
        await using Client client = await engine.ConnectAsync(new ClientOptions { LoggerFactory = log }).OrBroken("the connection");

        await client.ChatAsync("starter", "Hi").OrBroken("the answer");
        await client.Models.UnloadAsync("starter").OrBroken("the end of the model");
        await client.ChatAsync("starter", "Hi").OrBroken("the answer");
        await client.DisposeAsync();

        Assert.Single(log.Lines, line => line.Contains("ChatML", StringComparison.Ordinal));
    }

    private static RenderedPrompt Render(ChatFormatter formatter, GenerationOptions options) =>
        formatter.Render([Message.User("Hi")], PromptInputs.From(options));

    private static ChatFormatter For(string template) =>
        ChatFormatter.For(new ModelFacts { ChatTemplate = template, BeginToken = "<s>", EndToken = "</s>" });

    private sealed class CancellingClock(CancellationTokenSource cancel) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            cancel.Cancel();
            return DateTimeOffset.UnixEpoch;
        }
    }

    private sealed class FakeLogs : ILoggerFactory, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
